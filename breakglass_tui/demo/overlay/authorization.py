"""Authentication and authorization: moto gets only calls that an active key has signed and that a policy allows."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

from moto.core import responses
from moto.core.responses import BaseResponse
from moto.core.utils import method_names_from_class
from moto.iam.models import User

from breakglass_tui.demo.event_history import GLOBAL_REGION, RecordedEvent
from breakglass_tui.demo.overlay.api_errors import JSON_SERVICES, ApiRefusal
from breakglass_tui.demo.overlay.dates import iso_date
from breakglass_tui.demo.overlay.evaluation import Decision, decide
from breakglass_tui.demo.overlay.principals import sources_of
from breakglass_tui.demo.overlay.signature import authenticate, signed_with
from breakglass_tui.demo.world import WORLD_KEY, SimulatedCaller, World

NEEDS_NO_PERMISSION = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""Actions that no policy can deny, or that need no permission (STS API reference)."""

# For each call, moto lists all methods of the class. Without a cache this takes longer than the rest of the call.
responses.method_names_from_class = functools.cache(method_names_from_class)  # type: ignore[attr-defined]


class AuthorizedRequests(BaseResponse):
    """The base class of each simulated service.

    It authenticates the caller and authorizes the call before moto answers it.
    """

    caller: SimulatedCaller

    @property
    def world(self) -> World:
        """The state of the simulated account that got this request."""
        world: World = self.normalized_request.environ[WORLD_KEY]
        return world

    def get_current_account(self) -> str:
        """Return the id of the simulated account. moto would read it from the environment."""
        return self.world.account_id

    def resource(self) -> str:
        """Return the ARN of the resource that the call acts on, or ``*`` if the service has none."""
        return "*"

    def context(self) -> dict[str, str]:
        """Return the condition keys of this call and their values (IAM User Guide, global condition context keys).

        aws:username exists only for IAM users. aws:PrincipalArn of a role session is the ARN of the role.
        """
        caller, now = self.caller, datetime.now(UTC)
        found = {
            "aws:CurrentTime": iso_date(now),
            "aws:EpochTime": str(int(now.timestamp())),
            "aws:PrincipalAccount": self.world.account_id,
            "aws:PrincipalArn": caller.identity.arn,
            "aws:ViaAWSService": "false",
            "aws:userid": caller.user_id,
            **caller.context,
        }
        return {**found, "aws:username": caller.identity.name} if isinstance(caller.identity, User) else found

    def require_permission(self, action: str, resource: str) -> None:
        """Raise ``ApiRefusal`` with AccessDenied unless the caller's policies allow ``action`` on ``resource``."""
        decision = decide(sources_of(self.world.iam, self.caller.identity), action, resource, self.context()).decision
        if decision is Decision.ALLOWED:
            return
        why = f"no identity-based policy allows the {action} action"
        tail = "with an explicit deny in an identity-based policy"
        reason = tail if decision is Decision.EXPLICIT_DENY else f"because {why}"
        text = f"User: {self.caller.arn} is not authorized to perform: {action} on resource: {resource} {reason}"
        raise ApiRefusal("AccessDeniedException" if self.service_name in JSON_SERVICES else "AccessDenied", text, 403)

    def authorize(self, action: str) -> None:
        """Raise ``ApiRefusal`` if the caller may not call ``action``, for example ``iam:CreateUser``."""
        if action not in NEEDS_NO_PERMISSION:
            self.require_permission(action, self.resource())

    def call_action(self) -> Any:
        """Authenticate, authorize and answer the call. A refusal is returned as the error response of AWS."""
        action, service = self._get_action(), str(self.service_name)
        try:
            self.caller = authenticate(self.world, self.normalized_request)
            if service == "iam" and self.caller.barred_from_iam:
                # IAM answers such a session as it answers an unknown key (99designs/aws-vault issue 260).
                raise ApiRefusal("InvalidClientTokenId", "The security token included in the request is invalid", 403)
            self.authorize(f"{service}:{action}")
            answer = super().call_action()
            self._record(action)
            return answer
        except ApiRefusal as refusal:
            self._record(action, refusal.code)
            return refusal.answer(service)
        except NotImplementedError:
            return ApiRefusal("NotImplemented", f"{action} is not part of the simulated account", 501).answer(service)

    def _record(self, action: str, error: str = "") -> None:
        """Add the call to the event history. CloudTrail does not record calls that no known key has signed."""
        caller: SimulatedCaller | None = getattr(self, "caller", None)
        if caller is not None:
            region = GLOBAL_REGION if self.service_name == "iam" else str(self.region)
            key = signed_with(self.normalized_request)
            event = RecordedEvent(str(self.service_name), action, region, caller.arn, key, error)
            self.world.event_history.record(event)

    def _authenticate_and_authorize_normal_action(self, resource: str = "*") -> None:
        """Disable moto's own authorization, which evaluates neither resources nor conditions."""

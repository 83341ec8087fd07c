"""The simulated STS: the identity of the caller, and temporary credentials."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import Role, User
from moto.iam.utils import generate_access_key_id_from_account_id
from moto.sts.responses import TokenResponse

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests
from breakglass_tui.demo.overlay.conditions import conditions_hold
from breakglass_tui.demo.overlay.evaluation import Decision, as_list, decide, matches
from breakglass_tui.demo.overlay.principals import sources_of
from breakglass_tui.demo.overlay.totp_check import accept_codes
from breakglass_tui.demo.world import SimulatedCaller

MFA_PRESENT = "aws:MultiFactorAuthPresent"


class DemoSts(AuthorizedRequests, TokenResponse):
    """The simulated calls of STS."""

    def authorize(self, action: str) -> None:
        """Authorize a call. ``assume_role`` itself evaluates the trust policy and the policies of the caller."""
        if action != "sts:AssumeRole":
            super().authorize(action)

    def get_caller_identity(self) -> ActionResult:
        """Return the identity of the caller."""
        caller = self.caller
        return ActionResult({"UserId": caller.user_id, "Account": self.world.account_id, "Arn": caller.arn})

    def get_session_token(self) -> ActionResult:
        """Return temporary credentials of the user. With a serial number and a valid code they include MFA."""
        if self.caller.token:
            raise ApiRefusal("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        mfa = self._mfa_presented()
        session = replace(self.caller, context={MFA_PRESENT: str(mfa).lower()})
        return ActionResult({"Credentials": self._issue(session, self._get_int_param("DurationSeconds", 43200))})

    def assume_role(self) -> ActionResult:
        """Return credentials of a role if its trust policy allows the caller."""
        arn, name = self._get_param("RoleArn"), self._get_param("RoleSessionName")
        role = next((role for role in self.world.iam.roles.values() if role.arn == arn), None)
        mfa = self._mfa_presented()
        context = self.context() | ({MFA_PRESENT: "true"} if mfa else {})
        if role is None or not self._may_assume(role, context):
            text = f"User: {self.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            raise ApiRefusal("AccessDenied", text, 403)
        duration = self._get_int_param("DurationSeconds", 3600)
        if duration > int(role.max_session_duration or 3600):
            message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            raise ApiRefusal("ValidationError", message)
        session_arn = f"arn:aws:sts::{self.world.account_id}:assumed-role/{role.name}/{name}"
        session = SimulatedCaller(session_arn, f"{role.id}:{name}", "", role)
        assumed = {"AssumedRoleId": session.user_id, "Arn": session_arn}
        return ActionResult({"Credentials": self._issue(session, duration), "AssumedRoleUser": assumed})

    def _may_assume(self, role: Role, context: dict[str, str]) -> bool:
        """Return whether the trust policy names the caller, or trusts the account and a policy allows the caller."""
        sources = sources_of(self.world.iam, self.caller.identity)
        decision = decide(sources, "sts:AssumeRole", role.arn, context).decision
        if decision is Decision.EXPLICIT_DENY:
            return False
        account = self.world.account_id
        named = {self.caller.arn, self.caller.identity.arn, "*"}
        through_account = {account, f"arn:aws:iam::{account}:root"} if decision is Decision.ALLOWED else set()
        return any(
            _trusts(statement, named | through_account, context)
            for statement in as_list(json.loads(role.assume_role_policy_document)["Statement"])
        )

    def _mfa_presented(self) -> bool:
        serial, code = self._get_param("SerialNumber"), self._get_param("TokenCode")
        if not serial and not code:
            return False
        user, device = self.caller.identity, self.world.iam.virtual_mfa_devices.get(serial)
        if not isinstance(user, User) or device is None or device.user is not user:
            raise ApiRefusal("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", 403)
        try:
            accept_codes(self.world, device, code or "")
        except ApiRefusal:
            message = "MultiFactorAuthentication failed with invalid MFA one time pass code."
            raise ApiRefusal("AccessDenied", message, 403) from None
        return True

    def _issue(self, session: SimulatedCaller, duration_s: int) -> dict[str, Any]:
        key = generate_access_key_id_from_account_id(self.world.account_id, "ASIA", 20)
        expires = datetime.now(UTC) + timedelta(seconds=duration_s)
        secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(200)
        self.world.sessions[key] = replace(session, secret=secret, token=token, expires=expires)
        return {"AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token, "Expiration": expires}


def _trusts(statement: dict[str, Any], names: set[str], context: dict[str, str]) -> bool:
    principal = statement.get("Principal", {})
    trusted = {principal} if isinstance(principal, str) else set(as_list(principal.get("AWS")))
    actions = as_list(statement.get("Action"))
    return (
        statement["Effect"] == "Allow"
        and bool(trusted & names)
        and any(matches(action.lower(), "sts:assumerole") for action in actions)
        and conditions_hold(statement, context)
    )

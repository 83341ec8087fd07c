"""The simulated STS: the identity of the caller, and temporary credentials."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import Role, User
from moto.sts.responses import TokenResponse

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests
from breakglass_tui.demo.overlay.conditions import conditions_hold
from breakglass_tui.demo.overlay.evaluation import Decision, as_list, decide, matches
from breakglass_tui.demo.overlay.principals import sources_of
from breakglass_tui.demo.overlay.sessions import MFA_PRESENT, issue_session
from breakglass_tui.demo.overlay.totp_check import accept_code
from breakglass_tui.demo.world import SimulatedCaller

SHORTEST_S = 900
LONGEST_SESSION_S = 129_600
LONGEST_ROLE_S = 43_200
LONGEST_CHAINED_S = 3_600
"""The limits of DurationSeconds in seconds (STS API, GetSessionToken and AssumeRole).

A role that a role session assumes has sessions of at most one hour.
"""
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


class DemoSts(AuthorizedRequests, TokenResponse):
    """The STS operations of the simulated account."""

    def authorize(self, action: str) -> None:
        """Raise ``ApiRefusal`` if the caller may not call ``action``. ``assume_role`` authorizes itself.

        A call with session policies is not simulated, because they would limit the session.
        """
        if self._get_param("Policy") or self._get_param("PolicyArns"):
            raise NotImplementedError
        if action != "sts:AssumeRole":
            super().authorize(action)

    def get_caller_identity(self) -> ActionResult:
        """Return the user id, the account and the ARN of the caller."""
        caller = self.caller
        return ActionResult({"UserId": caller.user_id, "Account": self.world.account_id, "Arn": caller.arn})

    def get_session_token(self) -> ActionResult:
        """Return temporary credentials of the calling user. With a serial number and a valid code they include MFA.

        Without MFA they cannot call IAM (STS API, GetSessionToken).
        """
        if self.caller.token:
            raise ApiRefusal("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        mfa = self._mfa_presented()
        session = replace(self.caller, context={MFA_PRESENT: str(mfa).lower()}, barred_from_iam=not mfa)
        return ActionResult(
            {"Credentials": issue_session(self.world, session, self._duration(43_200, LONGEST_SESSION_S))}
        )

    def assume_role(self) -> ActionResult:
        """Return temporary credentials of the role.

        Raises ``ApiRefusal`` unless the role exists and the caller may assume it.
        """
        arn, name = self._get_param("RoleArn"), self._get_param("RoleSessionName")
        duration = self._duration(3_600, LONGEST_ROLE_S)
        if not _SESSION_NAME.fullmatch(name):
            raise _constraint("roleSessionName", f"regular expression pattern: {_SESSION_NAME.pattern}")
        role = next((role for role in self.world.iam.roles.values() if role.arn == arn), None)
        mfa = self._mfa_presented()
        context = self.context() | ({MFA_PRESENT: "true"} if mfa else {})
        if role is None or not self._may_assume(role, context):
            text = f"User: {self.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            raise ApiRefusal("AccessDenied", text, 403)
        if duration > int(role.max_session_duration or 3600):
            message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            raise ApiRefusal("ValidationError", message)
        if duration > LONGEST_CHAINED_S and isinstance(self.caller.identity, Role):
            message = (
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            )
            raise ApiRefusal("ValidationError", message)
        session_arn = f"arn:aws:sts::{self.world.account_id}:assumed-role/{role.name}/{name}"
        session = SimulatedCaller(session_arn, f"{role.id}:{name}", "", role)
        assumed = {"AssumedRoleId": session.user_id, "Arn": session_arn}
        return ActionResult({"Credentials": issue_session(self.world, session, duration), "AssumedRoleUser": assumed})

    def _may_assume(self, role: Role, context: dict[str, str]) -> bool:
        """Return whether the caller may assume the role.

        The trust policy must name the caller, or name the account while a policy of the caller allows the action.
        """
        sources = sources_of(self.world.iam, self.caller.identity)
        decision = decide(sources, "sts:AssumeRole", role.arn, context).decision
        if decision is Decision.EXPLICIT_DENY:
            return False
        account = self.world.account_id
        named = {self.caller.arn, self.caller.identity.arn, "*"}
        through_account = {account, _root_of(account)} if decision is Decision.ALLOWED else set()
        statements = as_list(json.loads(role.assume_role_policy_document)["Statement"])
        if any(_matches(statement, "Deny", named | {account, _root_of(account)}, context) for statement in statements):
            return False
        return any(_matches(statement, "Allow", named | through_account, context) for statement in statements)

    def _duration(self, default_s: int, longest_s: int) -> int:
        """Return DurationSeconds, or ``default_s``. Raises ``ApiRefusal`` if it is not within the limits."""
        duration = int(self._get_int_param("DurationSeconds", default_s))
        if duration < SHORTEST_S:
            raise _constraint("durationSeconds", f"value greater than or equal to {SHORTEST_S}")
        if duration > longest_s:
            raise _constraint("durationSeconds", f"value less than or equal to {longest_s}")
        return duration

    def _mfa_presented(self) -> bool:
        serial, code = self._get_param("SerialNumber"), self._get_param("TokenCode")
        if not serial and not code:
            return False
        user, device = self.caller.identity, self.world.iam.virtual_mfa_devices.get(serial)
        if not isinstance(user, User) or device is None or device.user is not user:
            raise ApiRefusal("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", 403)
        try:
            accept_code(self.world, device, code or "")
        except ApiRefusal:
            message = "MultiFactorAuthentication failed with invalid MFA one time pass code."
            raise ApiRefusal("AccessDenied", message, 403) from None
        return True


def _constraint(field: str, needs: str) -> ApiRefusal:
    message = f"1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have {needs}"
    return ApiRefusal("ValidationError", message)


def _root_of(account: str) -> str:
    """Return the principal ARN that means the whole account in a trust policy."""
    return f"arn:aws:iam::{account}:root"


def _matches(statement: dict[str, Any], effect: str, names: set[str], context: dict[str, str]) -> bool:
    """Return whether a trust policy statement has ``effect`` on sts:AssumeRole for one of the principals ``names``."""
    principal = statement.get("Principal", {})
    trusted = {principal} if isinstance(principal, str) else set(as_list(principal.get("AWS")))
    actions = as_list(statement.get("Action"))
    return (
        statement["Effect"] == effect
        and bool(trusted & names)
        and any(matches(action.lower(), "sts:assumerole") for action in actions)
        and conditions_hold(statement, context)
    )

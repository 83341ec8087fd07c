"""The check ``access``: the requested credentials exist and work, and the user has no others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import NEEDS_ACTIVATION, AccessKeyRead, evaluate_keys, expected_keys
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.login_profile import evaluate_console, expected_console
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import ACTIVE_KEYS, MISSION, CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "A credential that exists but was never used can fail in an outage. "
    "A credential that was not requested can let another person in."
)
WHY_NONE = "Without a console password or an active access key, no one can act as this user."
ANY_CREDENTIAL = "a console password or an active access key"
NO_CREDENTIAL = "the user cannot sign in or call AWS"
NEW_CREDENTIAL = (
    "Give this user a console password or an access key in the IAM console, or create a new emergency user."
)


@dataclass(frozen=True)
class AccessCheck(UserCheck):
    """The check of the login profile and the access keys.

    It tests the access key of the run with a call, if the vault has its secret.
    """

    id = "access"
    title = MISSION["access"]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:ListAccessKeys", "iam:GetLoginProfile", "iam:GetUser"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Check the console password and the access keys. The facts of the result have the number of active keys."""
        api, findings = Api(self.clients, context), Findings()
        keys = self.shared().keys.get(api)
        why = WHY_NONE if self._evaluate(api, keys, findings) else WHY
        facts = {ACTIVE_KEYS: str(sum(key.active for key in keys))}
        return replace(findings.result(self, expected=self._expected(), why=why), facts=facts)

    def _expected(self) -> str:
        subject = self.subject
        if subject.request is None:
            return ANY_CREDENTIAL
        return f"{expected_console(subject)}, {expected_keys(subject)}"

    def _evaluate(self, api: Api, keys: tuple[AccessKeyRead, ...], findings: Findings) -> bool:
        """Evaluate the console password and the access keys, and return whether the user has none that is active.

        If one of them cannot be read, a failure of the other is still reported. If nothing failed, the problem is
        raised.
        """
        profile, unread = None, None
        try:
            profile = self.shared().profile.get(api)
            evaluate_console(api, self.clients, self.subject, profile, findings)
        except Problem as problem:
            unread = problem
        try:
            evaluate_keys(api, self.clients, self.subject, keys, findings)
        except Problem as problem:
            unread = problem
        if unread and not findings.failed:
            raise unread
        if unread:
            findings.warn(f"not everything could be read: {unread.what}", unread.next)
        has_none = unread is None and profile is None and not any(key.active for key in keys)
        if has_none and self.subject.request is None:
            findings.fail(NO_CREDENTIAL, NEW_CREDENTIAL, pending=NEEDS_ACTIVATION if keys else "")
        return has_none

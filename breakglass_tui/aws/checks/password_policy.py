"""The check ``password-policy``: the sealed password does not expire soon, and the account's rules are strong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.credential_report import GENERATE, GET
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.password_expiry import UNKNOWN, PasswordExpiry, read_age
from breakglass_tui.aws.checks.remedy_commands import aws_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "The account's password policy also applies to a sealed password. "
    "An expired password cannot be used until it is changed, and in an emergency that can fail."
)
LENGTH = 14
REUSE = 24
"""The number of previous passwords that must be refused (CIS AWS Foundations)."""
FLAGS = {
    "RequireUppercaseCharacters": "--require-uppercase-characters",
    "RequireLowercaseCharacters": "--require-lowercase-characters",
    "RequireNumbers": "--require-numbers",
    "RequireSymbols": "--require-symbols",
    "AllowUsersToChangePassword": "--allow-users-to-change-password",
}
"""The rules that are on or off, with their AWS CLI options.

UpdateAccountPasswordPolicy turns off each of them that a call does not name (IAM API).
"""


@dataclass(frozen=True)
class PasswordPolicyCheck(UserCheck):
    """The check of the account's password policy (GetAccountPasswordPolicy), and of the age of the user's password.

    An account without a policy has the default policy of AWS, under which passwords never expire.
    """

    id = "password-policy"
    title = "Password policy"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (
            *scope_of(self.subject).user("iam:GetLoginProfile", "iam:GetUser"),
            *scope_of(self.subject).account_wide("iam:GetAccountPasswordPolicy"),
            *scope_of(self.subject).account_wide(*(() if self._never_expires else (GET, GENERATE))),
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the password policy and compute when the user's password expires."""
        api, findings = Api(self.clients, context), Findings()
        profile = self.shared().profile.get(api)
        try:
            policy = (api.find("iam:GetAccountPasswordPolicy") or {}).get("PasswordPolicy")
        except Problem as problem:
            if profile is None:
                raise
            findings.untested(
                f"it is unknown whether the console password has expired: {problem.what}", problem.next, reason=UNKNOWN
            )
        else:
            self._evaluate(api, policy, profile, findings)
        expected = f"no expiry, at least {LENGTH} characters, no reuse of the last {REUSE} passwords"
        return findings.result(self, expected=expected, why=WHY)

    @property
    def _never_expires(self) -> bool:
        """Whether the assessment found that passwords do not expire. The age of a password is then not read."""
        policy = self.subject.account.password_policy
        return isinstance(policy, PasswordPolicy) and not policy.max_age_days

    def _evaluate(
        self, api: Api, policy: Mapping[str, Any] | None, profile: Mapping[str, Any] | None, findings: Findings
    ) -> None:
        if policy is None:
            text = "the account has no password policy: 8 characters are enough, and passwords never expire"
            findings.warn(text, _strengthen(self.clients, {}))
            return
        self._expiry(api, policy, profile, findings)
        _strength(self.clients, policy, findings)

    def _expiry(
        self, api: Api, policy: Mapping[str, Any], profile: Mapping[str, Any] | None, findings: Findings
    ) -> None:
        days = int(policy.get("MaxPasswordAge") or 0)
        if not days:
            findings.good("passwords do not expire")
        elif profile is None or not profile.get("CreateDate"):
            findings.good(f"passwords expire after {days} days, but the user has no password")
        else:
            expiry = PasswordExpiry(
                read_age(api, self.subject.user_name, profile["CreateDate"]),
                days=days,
                hard=bool(policy.get("HardExpiry")),
                now=api.context.clock.now(),
                last_used=self.shared().user.get(api).get("PasswordLastUsed"),
                reset_required=bool(profile.get("PasswordResetRequired")),
                turn_off=_command(self.clients, policy),
            )
            expiry.evaluate(findings)


def _strength(clients: Clients, policy: Mapping[str, Any], findings: Findings) -> None:
    length, reuse = int(policy.get("MinimumPasswordLength") or 0), int(policy.get("PasswordReusePrevention") or 0)
    if length < LENGTH:
        findings.warn(f"{length} characters are enough", _strengthen(clients, policy))
    else:
        findings.good(f"at least {length} characters")
    if reuse < REUSE:
        findings.warn(_reuse(reuse), _strengthen(clients, policy))
    else:
        findings.good(_reuse(reuse))


def _reuse(passwords: int) -> str:
    return f"the last {passwords} passwords cannot be used again" if passwords else "old passwords can be used again"


def _strengthen(clients: Clients, policy: Mapping[str, Any]) -> str:
    expiry = ", without expiry" if policy.get("MaxPasswordAge") else ""
    return f"Set stronger rules{expiry}: {_command(clients, policy)}"


def _command(clients: Clients, policy: Mapping[str, Any]) -> str:
    """Return the AWS CLI command that sets strong rules without expiry.

    The command replaces the whole policy, so it repeats the rules that are on already.
    """
    length = max(LENGTH, int(policy.get("MinimumPasswordLength") or 0))
    reuse = max(REUSE, int(policy.get("PasswordReusePrevention") or 0))
    words = ["iam update-account-password-policy"]
    words += [f"--minimum-password-length {length}", f"--password-reuse-prevention {reuse}"]
    words += [flag for rule, flag in FLAGS.items() if policy.get(rule)]
    return aws_command(clients, " ".join(words))

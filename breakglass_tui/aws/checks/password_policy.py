"""The check ``password-policy``: the account's rules neither let the sealed password expire nor let it be weak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import day
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.engine.step_context import StepContext

WHY = "The password policy holds for a sealed user too: an expired password opens nothing, in the very emergency."
LENGTH = 14
REUSE = 24
"""How many earlier passwords may not come back (CIS AWS Foundations)."""
NO_EXPIRY = "Turn expiry off (aws iam update-account-password-policy), or set and seal a new password before that day."
STRENGTHEN = (
    f"aws iam update-account-password-policy --minimum-password-length {LENGTH} --password-reuse-prevention {REUSE} …; "
    "the command replaces the whole policy, so name every rule."
)


@dataclass(frozen=True)
class PasswordPolicyCheck(UserCheck):
    """GetAccountPasswordPolicy; an account without one has AWS's own, which never expires."""

    id = "password-policy"
    title = "Password policy"

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the rules, and when this user's password falls under them."""
        api, findings = Api(self.clients, context), Findings()
        profile = self.shared().profile.get(api)
        policy = (api.found("iam:GetAccountPasswordPolicy") or {}).get("PasswordPolicy")
        if policy is None:
            findings.warn("the account has no password policy: 8 characters are enough, and none expires", STRENGTHEN)
        else:
            self._expiry(policy, profile, context.clock.now(), findings)
            _strength(policy, findings)
        expected = f"no expiry, at least {LENGTH} characters, {REUSE} earlier passwords refused"
        return findings.result(self, expected=expected, why=WHY)

    def _expiry(
        self, policy: Mapping[str, Any], profile: Mapping[str, Any] | None, now: datetime, findings: Findings
    ) -> None:
        days = int(policy.get("MaxPasswordAge") or 0)
        if not days:
            findings.good("passwords do not expire")
            return
        text = f"passwords expire after {days} days"
        if profile is not None and profile.get("CreateDate"):
            ends = profile["CreateDate"] + timedelta(days=days)
            # A password that was changed since is younger: IAM tells when only in its credential report.
            which = "has expired on" if ends <= now else "expires on"
            text = f"{text}: this one {which} {day(ends)} if not changed since"
        if policy.get("HardExpiry"):
            text += ", and then only an administrator can set a new one (HardExpiry)"
        findings.warn(text, NO_EXPIRY, caution=text)


def _strength(policy: Mapping[str, Any], findings: Findings) -> None:
    length, reuse = int(policy.get("MinimumPasswordLength") or 0), int(policy.get("PasswordReusePrevention") or 0)
    if length < LENGTH:
        findings.warn(f"{length} characters are enough", STRENGTHEN)
    else:
        findings.good(f"at least {length} characters")
    if reuse < REUSE:
        findings.warn(f"{reuse or 'no'} earlier passwords are refused", STRENGTHEN)
    else:
        findings.good(f"{reuse} earlier passwords are refused")

"""The check ``access``: the ways in that were asked for are there and work, and no others are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import NEEDS_ACTIVATION, AccessKeyRead, expect_keys, judge_keys
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.login_profile import expect_console, judge_console
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import ACTIVE_KEYS, MISSION, CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.step_context import StepContext

WHY = "A credential that only exists has failed people in outages; one that nobody asked for lets others in."
ANY_WAY = "at least one way in: a console password or an active access key"
NO_WAY = "there is no way in"
NEW_WAY = "Enable console access or make an access key for this user, or set up a new emergency user."


@dataclass(frozen=True)
class AccessCheck(UserCheck):
    """Login profile and access keys in one result; the new key is proven by using it."""

    id = "access"
    title = MISSION["access"]

    def inspect(self, context: StepContext) -> CheckResult:
        """Look at both ways in."""
        api, findings = Api(self.clients, context), Findings()
        keys = self.shared().keys.get(api)
        self._judge(api, keys, findings)
        facts = {ACTIVE_KEYS: str(sum(key.active for key in keys))}
        return replace(findings.result(self, expected=self._expected(), why=WHY), facts=facts)

    def _expected(self) -> str:
        subject = self.subject
        return ANY_WAY if subject.request is None else f"{expect_console(subject)}; {expect_keys(subject)}"

    def _judge(self, api: Api, keys: tuple[AccessKeyRead, ...], findings: Findings) -> None:
        """What is wrong with one half is told even if the other cannot be read."""
        profile, unread = None, None
        try:
            profile = self.shared().profile.get(api)
            judge_console(api, self.subject, profile, findings)
        except Problem as problem:
            unread = problem
        try:
            judge_keys(api, self.clients, self.subject, keys, findings)
        except Problem as problem:
            unread = problem
        if unread and not findings.failed:
            raise unread
        if unread:
            findings.warn(f"not all could be looked at: {unread.what}", unread.next)
        elif self.subject.request is None and profile is None and not any(key.active for key in keys):
            findings.fail(NO_WAY, NEW_WAY, pending=NEEDS_ACTIVATION if keys else "")

"""The check ``key-age``: access keys are younger than the standards allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import AccessKeyRead
from breakglass_tui.aws.checks.dates import OLDEST_KEY_DAYS, age_days, counted, day
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "The longer a key lies, the more copies of it exist; benchmarks and clean-up jobs go by its age."
ROTATE = "Make a new key, seal and prove it, and only then delete the old one."


@dataclass(frozen=True)
class KeyAgeCheck(UserCheck):
    """CreateDate of ListAccessKeys; keys that are not active open nothing and do not count."""

    id = "key-age"
    title = "Age of the key"

    def inspect(self, context: StepContext) -> CheckResult:
        """Hold the age of each active key against the limit."""
        api, findings = Api(self.clients, context), Findings()
        active = [key for key in self.shared().keys.get(api) if key.active]
        for key in active:
            self._judge(context, key, findings)
        if not active:
            findings.good("no active access key")
        return findings.result(self, expected=f"made less than {OLDEST_KEY_DAYS} days ago", why=WHY)

    def _judge(self, context: StepContext, key: AccessKeyRead, findings: Findings) -> None:
        if key.made is None:
            findings.warn(f"nobody tells when access key {show(key.id)} was made", ROTATE)
            return
        age, due = age_days(key.made, context.clock.now()), key.made + timedelta(days=OLDEST_KEY_DAYS)
        text = f"access key {show(key.id)} was made {counted(age)}"
        if age < OLDEST_KEY_DAYS:
            findings.good(f"{text}; a new one is due on {day(due)}")
        else:
            findings.warn(f"{text}; a new one was due on {day(due)}", ROTATE)

"""The check ``key-age``: the active access keys are younger than CIS and Security Hub require."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import AccessKeyRead
from breakglass_tui.aws.checks.dates import OLDEST_KEY_DAYS, age_days, date_text, days_ago
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "The older a key is, the more copies of it can exist. Benchmarks and clean-up jobs check its age."
ROTATE = "Create a new key, seal it and test it. Delete the old key after that."


@dataclass(frozen=True)
class KeyAgeCheck(UserCheck):
    """The check of the CreateDate of each active key (ListAccessKeys).

    Inactive keys cannot be used and do not count.
    """

    id = "key-age"
    title = "Access key age"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:ListAccessKeys"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Compare the age of each active key with ``OLDEST_KEY_DAYS``."""
        api, findings = Api(self.clients, context), Findings()
        active = [key for key in self.shared().keys.get(api) if key.active]
        for key in active:
            self._evaluate(context, key, findings)
        if not active:
            findings.good("no active access key")
        return findings.result(self, expected=f"created less than {OLDEST_KEY_DAYS} days ago", why=WHY)

    def _evaluate(self, context: StepContext, key: AccessKeyRead, findings: Findings) -> None:
        if key.created_at is None:
            findings.warn(f"the creation date of access key {show(key.id)} is unknown", ROTATE)
            return
        age, due = age_days(key.created_at, context.clock.now()), key.created_at + timedelta(days=OLDEST_KEY_DAYS)
        text = f"access key {show(key.id)} was created {days_ago(age)}"
        if age < OLDEST_KEY_DAYS:
            findings.good(f"{text}, a new one is due on {date_text(due)}")
        else:
            findings.warn(f"{text}, a new one was due on {date_text(due)}", ROTATE)

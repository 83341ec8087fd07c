"""The check ``last-use``: each credential was used recently, in a drill or in an emergency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import AccessKeyRead
from breakglass_tui.aws.checks.dates import DRILL_DAYS, age_days, date_text, days_ago
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import USE_RESOLUTION
from breakglass_tui.engine.step_context import StepContext

WHY = "Untested credentials may not work. Clean-up jobs remove credentials that were not used for a long time."
DRILL = (
    "Run a drill: open the envelope, or get the secret from where you stored it. Sign in as this user, confirm that "
    "the alert fired, then delete unencrypted copies."
)

NEVER_USED, OVERDUE = "Never used in a drill", "Drill overdue"


@dataclass(frozen=True)
class LastUseCheck(UserCheck):
    """The check of the date on which each credential was last used.

    Sources: PasswordLastUsed of GetUser, and GetAccessKeyLastUsed. AWS updates both some minutes late.
    """

    id = "last-use"
    title = "Last use"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (
            *scope_of(self.subject).user("iam:GetUser"),
            *(self._key_permissions() if self.subject.request and self.subject.request.programmatic else ()),
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Read when each credential was last used and compare that with ``DRILL_DAYS``."""
        api, findings, risks = Api(self.clients, context), Findings(), defaultdict[str, list[str]](list)
        user = self.shared().user.get(api)
        created_at = user.get("CreateDate")
        console, keys = self._console(api), self._keys(api)
        used = [("the console password", user.get("PasswordLastUsed"), created_at)] if console else []
        used += [
            (f"access key {show(key.id)}", self._last_used(api, key), key.created_at or created_at) for key in keys
        ]
        for name, last_used, since in used:
            kind, text = self._evaluate(context, name, last_used, since, findings)
            risks[kind].append(text)
        for kind in filter(None, risks):
            findings.risk(f"{kind}: {', '.join(risks[kind])}", DRILL)
        if not console and not keys:
            findings.good("the user has no credential")
        return findings.result(self, expected=f"each credential used within {DRILL_DAYS} days", why=WHY)

    def _key_permissions(self) -> Iterator[Permission]:
        return scope_of(self.subject).user("iam:ListAccessKeys", "iam:GetAccessKeyLastUsed")

    def _console(self, api: Api) -> bool:
        request = self.subject.request
        return request.console if request is not None else self.shared().profile.get(api) is not None

    def _keys(self, api: Api) -> list[AccessKeyRead]:
        if self.subject.request is not None and not self.subject.request.programmatic:
            return []
        return [key for key in self.shared().keys.get(api) if key.active]

    def _last_used(self, api: Api, key: AccessKeyRead) -> datetime | None:
        """Return when the key was last used in a drill or an emergency, or None.

        The result is None too if only validations used the key: one in this process, or an earlier one on this machine.
        """
        vault = self.subject.vault
        used_here = vault is not None and key.id == self.subject.access_key_id and vault.get(ACCESS_KEY) is not None
        if used_here and self.subject.created_here:
            return None
        answer = api.call("iam:GetAccessKeyLastUsed", AccessKeyId=key.id).get("AccessKeyLastUsed", {})
        last_used: datetime | None = answer.get("LastUsedDate")
        if last_used is None or self.subject.history.used_by_validation(key.id, last_used):
            return None
        if used_here and api.context.clock.now() - last_used <= USE_RESOLUTION:
            return None
        return last_used

    def _evaluate(
        self,
        context: StepContext,
        name: str,
        last_used: datetime | None,
        created_at: datetime | None,
        findings: Findings,
    ) -> tuple[str, str]:
        """Add the finding for one credential, and return its risk: the kind, or "" for no risk, and the text."""
        if last_used is None:
            due = f" by {date_text(created_at + timedelta(days=DRILL_DAYS))}" if created_at else ""
            text = f"{name} was never used, a drill is due{due}"
            findings.warn(text, DRILL)
            return NEVER_USED, name
        age = age_days(last_used, context.clock.now())
        used = f"was last used {days_ago(age)}"
        if age > DRILL_DAYS:
            findings.warn(f"{name} {used}, a drill is overdue", DRILL)
            return OVERDUE, f"{name} {used}"
        due = date_text(last_used + timedelta(days=DRILL_DAYS))
        findings.good(f"{name} {used}, the next drill is due by {due}")
        return "", ""

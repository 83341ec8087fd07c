"""The check ``last-use``: the credentials have been tried lately, in a drill or in earnest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import AccessKeyRead
from breakglass_tui.aws.checks.dates import DRILL_DAYS, age_days, counted, day
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A sealed credential that nobody ever used is a guess; and clean-up jobs remove what was not used for long."
DRILL = "Hold a drill: open the envelope, sign in as this user, check that somebody was told, and seal anew."


@dataclass(frozen=True)
class LastUseCheck(UserCheck):
    """PasswordLastUsed of GetUser, and GetAccessKeyLastUsed; both lag by minutes."""

    id = "last-use"
    title = "Last use"

    def inspect(self, context: StepContext) -> CheckResult:
        """Ask when each credential was last used."""
        api, findings = Api(self.clients, context), Findings()
        user = self.shared().user.get(api)
        made = user.get("CreateDate")
        console, keys = self._console(api), self._keys(api)
        if console:
            self._judge(context, "the console password", user.get("PasswordLastUsed"), made, findings)
        for key in keys:
            self._judge(context, f"access key {show(key.id)}", self._used(api, key), key.made or made, findings)
        if not console and not keys:
            findings.good("there is no credential that could be used")
        return findings.result(self, expected=f"each credential used within {DRILL_DAYS} days", why=WHY)

    def _console(self, api: Api) -> bool:
        request = self.subject.request
        return request.console if request is not None else self.shared().profile.get(api) is not None

    def _keys(self, api: Api) -> list[AccessKeyRead]:
        if self.subject.request is not None and not self.subject.request.programmatic:
            return []
        return [key for key in self.shared().keys.get(api) if key.active]

    def _used(self, api: Api, key: AccessKeyRead) -> datetime | None:
        """When; a key that this very process made has only been used to prove it, which is no drill."""
        vault = self.subject.vault
        if vault is not None and key.id == self.subject.access_key_id and vault.get(ACCESS_KEY) is not None:
            return None
        used = api.call("iam:GetAccessKeyLastUsed", AccessKeyId=key.id).get("AccessKeyLastUsed", {})
        when: datetime | None = used.get("LastUsedDate")
        return when

    def _judge(
        self, context: StepContext, what: str, used: datetime | None, made: datetime | None, findings: Findings
    ) -> None:
        if used is None:
            due = f" by {day(made + timedelta(days=DRILL_DAYS))}" if made else ""
            text = f"{what} was never used; a drill is due{due}"
            findings.warn(text, DRILL, caution=f"{what} has never been tried in a drill")
            return
        age = age_days(used, context.clock.now())
        if age > DRILL_DAYS:
            text = f"{what} was last used {counted(age)}"
            findings.warn(f"{text}; a drill is overdue", DRILL, caution=f"{text}: a drill is overdue")
        else:
            findings.good(
                f"{what} was last used {counted(age)}; next drill by {day(used + timedelta(days=DRILL_DAYS))}"
            )

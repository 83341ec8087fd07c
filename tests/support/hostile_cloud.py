"""An AWS account in which every free text is hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fake_account import ACCOUNT_ID, CALLER, FakeCloud, key
from hostile import ALL, WORST

from breakglass_tui.domain.account import AccountList, AdminPolicy, Group, Region, Role, User
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.engine.cloud import Setup, Subject
from breakglass_tui.engine.plan import Change, Check, Plan, StepOutcome
from breakglass_tui.engine.step_context import StepContext

TEXTS = tuple(ALL.values())
SHORT = tuple(text for text in TEXTS if len(text) < 16)
"""The part that fits into a policy below the quota of one user."""


class HostileCloud(FakeCloud):
    """The account. ``text`` is in every place for one text. The lists have all hostile texts, after the honest ones.

    With ``own_identifiers``, the caller and the ids of a run have the form that AWS documents. A journal with other
    ones cannot be read again.
    """

    def __init__(self, text: str = WORST[0], *, own_identifiers: bool = False) -> None:
        super().__init__()
        self.text = text
        self._own = own_identifiers
        mine, arn = self.account, f"arn:aws:iam::{ACCOUNT_ID}"
        ids = {} if own_identifiers else {"arn": f"{arn}:user/{text}", "user_id": text}
        assert mine.regions
        assert mine.groups
        assert mine.roles
        assert mine.keys
        self.account = replace(
            mine,
            caller=replace(CALLER, alias=text, **ids),
            regions=AccountList((*mine.regions.items, *(Region(f"xx-{t}", "opted-in", t) for t in TEXTS))),
            admin_policy=AdminPolicy(f"arn:{text}", text, {"Version": text, "Statement": list(SHORT)}),
            users=AccountList(tuple(User(t, f"/breakglass/{t}/", t) for t in TEXTS)),
            groups=AccountList((*mine.groups.items, *(Group(t, f"{arn}:group/{t}/{t}") for t in TEXTS))),
            roles=AccountList((*mine.roles.items, *(Role(t, f"{arn}:role/{t}", {t: t}, t) for t in TEXTS))),
            keys=AccountList((*mine.keys.items, *self._keys())),
        )
        for id in ("create-user", "inline-policy", "login-profile"):
            self.on_apply[id] = self.applied_with()
        for id in ("user-exists", "inline-policy", "access", "mfa-devices", "quota"):
            self.results[id] = self.found(id, CheckStatus.FAIL if id != "quota" else CheckStatus.WARN)
        self.sights = {
            id: ObservedState(Observation.UNMANAGED, text) for id in ("create-user", "inline-policy", "login-profile")
        }

    def plan(self, setup: Setup) -> Plan:
        """Return a plan in which every step has the title ``text``."""
        diff = f"--- {self.text}\n+++ {self.text}\n@@ -1 +1 @@\n" + "\n".join(f"+{t}" for t in TEXTS)
        change = Change("diff", self.text, diff)
        return Plan(tuple(replace(step, title=self.text, change=change) for step in super().plan(setup).steps))  # type: ignore[type-var]

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """Return checks with the title ``text``."""
        return tuple(replace(check, title=self.text) for check in super().checks(subject))  # type: ignore[type-var]

    def applied_with(self) -> Callable[[StepContext], StepOutcome]:
        """Return the function of a step that emits ``text`` in each event."""

        def apply(context: StepContext) -> StepOutcome:
            context.note(self.text)
            context.call_delayed("iam:CreateUser", self.text, 0.1)
            context.call_finished(Call("iam:CreateUser", self.text, 5, 2, self.text))
            context.call_settled("iam:CreateUser", self.text)
            facts = {} if self._own else dict.fromkeys(("user_arn", "access_key_id", "mfa_serial"), self.text)
            envelope = EnvelopeInfo(f"/tmp/{self.text}", (self.text,), (self.text,), self.text, (self.text,), 2)
            return StepOutcome(self.text, facts, (envelope,))

        return apply

    def found(self, id: str, status: CheckStatus) -> CheckResult:
        """Return a result with ``text`` in every field."""
        calls = (Call(self.text, self.text, 5, 2, self.text),)
        text = self.text
        told = dict.fromkeys(("title", "expected", "found", "why", "remedy", "pending", "caution", "clears"), text)
        return CheckResult(id=id, status=status, calls=calls, facts={"user_arn": text}, **told)

    def _keys(self) -> list[object]:
        return [
            key("eu-west-1", 100 + number, f"alias/{text}", description=text, state="Enabled" if number % 2 else text)
            for number, text in enumerate(TEXTS)
        ]

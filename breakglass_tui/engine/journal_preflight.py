"""The look ``journal``: what the run does can be recorded, or nothing of it may be sent."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.step_context import StepContext


@dataclass(frozen=True)
class JournalPreflight:
    """The state directory takes a journal; no call to AWS."""

    store: RunStore
    id = "journal"
    title = "Journal can be written"

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Write a probe and make it durable."""
        where = show(str(self.store.root), 4096)
        expected, why = f"a journal can be written below {where}", "A run that is cut off goes on from its journal."
        try:
            self.store.require_writable()
        except Problem as problem:
            found, remedy = problem.why or problem.what, problem.next
            return CheckResult(self.id, self.title, CheckStatus.FAIL, expected, found, why, remedy)
        return CheckResult(self.id, self.title, CheckStatus.PASS, expected, f"{where} takes a journal", why)

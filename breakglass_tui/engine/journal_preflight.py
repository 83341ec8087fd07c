"""The preflight check ``journal``: the journal of the run can be written. Without it, nothing may be sent to AWS."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.step_context import StepContext


@dataclass(frozen=True)
class JournalPreflight:
    """Checks that a journal can be written to the state directory. Makes no call to AWS."""

    store: RunStore
    id = "journal"
    title = "Journal"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Write a probe file, remove it, and return whether that succeeded."""
        where = show(str(self.store.root), 4096)
        expected, why = f"a journal can be written below {where}", "An interrupted run resumes from its journal."
        try:
            self.store.require_writable()
        except Problem as problem:
            found, remedy = problem.why or problem.what, problem.next
            return CheckResult(self.id, self.title, CheckStatus.FAIL, expected, found, why, remedy)
        return CheckResult(self.id, self.title, CheckStatus.PASS, expected, f"{where} is writable", why)

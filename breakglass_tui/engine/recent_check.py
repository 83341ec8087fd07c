"""``RecentCheck``: a check that was made a moment ago and is not made again."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.engine.step_context import StepContext

RECENT_S = 2.0
"""For how many seconds the preflight checks of a review count for the run that follows it.

Also for how many seconds those that were made during the assessment count for the review.
"""


@dataclass(frozen=True)
class RecentCheck:
    """A check whose result is known. It makes no call."""

    result: CheckResult

    @property
    def id(self) -> str:
        """The id of the check that was made."""
        return self.result.id

    @property
    def title(self) -> str:
        """The title of the check that was made."""
        return self.result.title

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """No permissions, because no call is made."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:
        """Return the result, with the calls of the check that was made."""
        context.calls.extend(self.result.calls)
        return self.result

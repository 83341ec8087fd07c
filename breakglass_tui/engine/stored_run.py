"""StoredRun: a run as read from its journal."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord


@dataclass(frozen=True)
class StoredRun:
    """A run as read from its journal. ``length`` is the number of events in the journal.

    ``problem`` is why the journal cannot be read to its end, or None.
    """

    id: str
    record: RunRecord
    problem: Problem | None = None
    length: int = 0

    @property
    def finished(self) -> bool:
        """Whether the run needs no resume and no undo. Its journal is usable, and it is done or has nothing in AWS."""
        ended = self.record.status in (RunStatus.DONE, RunStatus.UNDONE) or not self.record.may_exist
        return ended and self.problem is None

"""ListedRun: what a list of runs shows of one run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.stored_run import StoredRun

ENDED = frozenset({RunStatus.DONE, RunStatus.UNDONE})


@dataclass(frozen=True, slots=True)
class ListedStep:
    """A step of a listed run."""

    id: str
    title: str
    status: StepStatus


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as a list shows it.

    ``stored`` is the run as its journal describes it. It is None for a run that is done or removed, because the index
    may describe that run, and nothing in the index is verified. Call ``RunStore.load`` before you act on such a run.
    """

    id: str
    header: RunHeader | None
    status: RunStatus
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[ListedStep, ...]
    stored: StoredRun | None = None

    @property
    def finished(self) -> bool:
        """Whether the run needs no resume and no undo, as ``StoredRun.finished``."""
        return self.stored is None or self.stored.finished

    @property
    def problem(self) -> Problem | None:
        """Why the journal cannot be read to its end, or None."""
        return self.stored.problem if self.stored is not None else None

    @property
    def user_name(self) -> str:
        """The name of the run's user, or an empty string if the journal does not have it."""
        return str(self.header.request.get("user_name", "")) if self.header is not None else ""

    @property
    def age_key(self) -> tuple[str, ...]:
        """The sort key from the oldest run to the newest. A run without a start time is the oldest."""
        times = (at.isoformat() if at is not None else "" for at in (self.started_at, self.finished_at))
        return (*times, self.id)


def listed_run(stored: StoredRun) -> ListedRun:
    """Return ``stored`` as a list shows it."""
    record = stored.record
    steps = tuple(ListedStep(step.id, step.title, step.status) for step in record.steps.values())
    times = record.started_at, record.finished_at
    kept = None if stored.finished and record.status in ENDED else stored
    return ListedRun(stored.id, record.header, record.status, *times, steps, kept)

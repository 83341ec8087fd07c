"""Describe a run of an earlier process: user, time, progress, and the state of each step in its journal and in AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.ui.widgets.durations import ago
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain
from breakglass_tui.ui.widgets.run_summary import done_steps, how_it_ended, titles

TITLE_CELLS = 22
JOURNAL_CELLS = 17
LONGEST = 4096
SEEN = {
    Observation.THERE: ("✓", "$success"),
    Observation.PARTLY: ("◐", "$accent"),
    Observation.ABSENT: ("–", "$secondary"),
    Observation.UNMANAGED: ("✗", "$error"),
    Observation.UNKNOWN: ("?", "$warning"),
}
LOOKING = ("◌ reading…", "$secondary")
LEFT = {
    StepStatus.DONE: ("✓ done", "$success"),
    StepStatus.UNCHANGED: ("✓ unchanged", "$success"),
    StepStatus.FAILED: ("✗ failed", "$error"),
    StepStatus.UNDOING: ("◐ being removed", "$accent"),
    StepStatus.UNDONE: ("↩ removed", "$secondary"),
}
"""Texts for the last status of a step in the journal. With any other status, it is unfinished or has not started."""


def user_of(run: StoredRun) -> str:
    """Return the user name of the run, safe to show. It is "an unknown user" if the journal has no header."""
    header = run.record.header
    return show(str(header.request.get("user_name", "")), 64) if header else "an unknown user"


def run_lines(run: StoredRun, now: datetime) -> list[Paragraph]:
    """Return paragraphs with the user, the id, the start and the progress of the run."""
    record = run.record
    start = record.started_at
    started = f", started {start:%Y-%m-%d %H:%M} UTC, {ago(start, now)}" if start else ""
    return labelled([("User", user_of(run)), ("Run", f"{show(run.id)}{started}"), ("Progress", _known_stand(run))])


def step_lines(record: RunRecord, observed: Mapping[str, ObservedState], *, looking: bool) -> Iterator[Paragraph]:
    """Yield a table with a row for each step: its title, its state in the journal, and its state in AWS.

    ``observed`` has the states in AWS by step id, as far as they are read. ``looking`` says that the others are being
    read.
    """
    heads = "Step".ljust(TITLE_CELLS), "Journal".ljust(JOURNAL_CELLS)
    yield Paragraph(Content.styled("".join(heads), "$secondary"), Content.styled("AWS now", "$secondary"))
    for step in record.steps.values():
        title = Content(show(step.title)).truncate(TITLE_CELLS - 1, ellipsis=True, pad=True)
        journal = Content.styled(*_left(step, record)).truncate(JOURNAL_CELLS, pad=True)
        yield Paragraph(Content.assemble(title, " ", journal), _seen(observed.get(step.id), looking=looking))


def undo_state(record: RunRecord) -> str:
    """Return how the undo of an unfinished run ended: interrupted, stopped by the operator, or incomplete."""
    if record.finished_at is None:
        return "interrupted"
    return "stopped" if record.stopped and not record.not_removed else "incomplete"


def problem_lines(problem: Problem) -> list[Paragraph]:
    """Return the three parts of a problem as paragraphs: what happened, why, and what to do next."""
    why = [plain(show(problem.why, LONGEST))] if problem.why else []
    return [plain(f"✗ {show(problem.what, LONGEST)}", "$error"), *why, *labelled([("next", show(problem.next))], 6)]


def _left(step: StepRecord, record: RunRecord) -> tuple[str, str]:
    if step.status in LEFT:
        return LEFT[step.status]
    if not step.may_exist:
        return "· not started", "$secondary"
    return "◐ interrupted" if record.finished_at is None else "◐ unfinished", "$accent"


def _seen(observed: ObservedState | None, *, looking: bool) -> Content:
    if observed is None:
        return Content.styled(*LOOKING) if looking else Content("")
    glyph, style = SEEN[observed.observation]
    return Content.assemble(
        (f"{glyph} {observed.observation.value}", style), f"  {show(observed.text)}" if observed.text else ""
    )


def _known_stand(run: StoredRun) -> str:
    if run.problem is None:
        return _stand(run.record)
    return f"unknown. The readable part of the journal says: {_stand(run.record)}" if run.record.steps else "unknown"


def _stand(record: RunRecord) -> str:
    if record.undoing:
        gone = [step for step in record.steps.values() if step.status is StepStatus.UNDONE]
        return f"undo {undo_state(record)}: {len(gone)} removed, {titles(list(record.may_exist))} not removed"
    word, comma, kept = how_it_ended(record).partition(", ")
    unfinished = titles([step for step in record.may_exist if not step.is_done])
    where = f" in {unfinished}" if unfinished else ""
    return f"{len(done_steps(record))} of {len(record.steps)} steps done, {word}{where}{comma}{kept}"

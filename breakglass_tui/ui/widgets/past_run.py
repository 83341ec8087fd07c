"""A run of an earlier process in words: who, when, how far; and each step as the journal and AWS have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.run_store import StoredRun
from breakglass_tui.ui.ages import ago
from breakglass_tui.ui.run_story import made, titles
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

TITLE_CELLS = 22
JOURNAL_CELLS = 17
LONGEST = 4096
SEEN = {
    Observation.THERE: ("✓", "$success"),
    Observation.PARTLY: ("◐", "$accent"),
    Observation.ABSENT: ("–", "$secondary"),
    Observation.FOREIGN: ("✗", "$error"),
    Observation.UNKNOWN: ("?", "$warning"),
}
LOOKING = ("◌ looking…", "$secondary")
LEFT = {
    StepStatus.DONE: ("✓ done", "$success"),
    StepStatus.UNCHANGED: ("✓ unchanged", "$success"),
    StepStatus.FAILED: ("✗ failed", "$error"),
    StepStatus.UNDOING: ("◐ being removed", "$accent"),
    StepStatus.UNDONE: ("↩ removed", "$secondary"),
}
"""What a journal says at its end; any other state is either cut off or was never begun."""


def user_of(past: StoredRun) -> str:
    """The name of the run's user, safe to show."""
    header = past.record.header
    return show(str(header.request.get("user_name", "")), 64) if header else "an unknown user"


def run_lines(past: StoredRun, now: datetime) -> list[Paragraph]:
    """Who, which run, when and how far."""
    record = past.record
    began = (
        f", begun {record.started_at:%Y-%m-%d %H:%M} UTC, {ago(record.started_at, now)}" if record.started_at else ""
    )
    return labelled([("User", user_of(past)), ("Run", f"{show(past.id)}{began}"), ("Stands at", _known_stand(past))])


def step_lines(record: RunRecord, sights: Mapping[str, ObservedState], *, looking: bool) -> Iterator[Paragraph]:
    """A table: step, what the journal says, what AWS says now."""
    heads = "Step".ljust(TITLE_CELLS), "Journal".ljust(JOURNAL_CELLS)
    yield Paragraph(Content.styled("".join(heads), "$secondary"), Content.styled("AWS now", "$secondary"))
    for step in record.steps.values():
        title = Content(show(step.title)).truncate(TITLE_CELLS - 1, ellipsis=True, pad=True)
        journal = Content.styled(*_left(step)).truncate(JOURNAL_CELLS, pad=True)
        yield Paragraph(Content.assemble(title, " ", journal), _seen(sights.get(step.id), looking=looking))


def problem_lines(problem: Problem) -> list[Paragraph]:
    """What stands in the way, why, and what to do."""
    why = [plain(show(problem.why, LONGEST))] if problem.why else []
    return [plain(f"✗ {show(problem.what, LONGEST)}", "$error"), *why, *labelled([("next", show(problem.next))], 6)]


def _left(step: StepRecord) -> tuple[str, str]:
    return LEFT.get(step.status) or (("◐ cut off", "$accent") if step.may_exist else ("· not begun", "$secondary"))


def _seen(observed: ObservedState | None, *, looking: bool) -> Content:
    if observed is None:
        return Content.styled(*LOOKING) if looking else Content("")
    glyph, style = SEEN[observed.seen]
    return Content.assemble(
        (f"{glyph} {observed.seen.value}", style), f"  {show(observed.text)}" if observed.text else ""
    )


def _known_stand(past: StoredRun) -> str:
    if past.problem is None:
        return _stand(past.record)
    return f"unknown; as far as the journal can be read: {_stand(past.record)}" if past.record.steps else "unknown"


def _stand(record: RunRecord) -> str:
    if record.undoing:
        gone = [step for step in record.steps.values() if step.status is StepStatus.UNDONE]
        return f"its removal had begun; {len(gone)} removed, open: {titles(list(record.may_exist))}"
    cut = [step for step in record.may_exist if not step.made]
    said = f"{len(made(record))} of {len(record.steps)} steps done"
    return f"{said}, cut off in: {titles(cut)}" if cut else said

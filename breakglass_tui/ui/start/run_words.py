"""Describe the state of an unfinished run for the start screen."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.domain.record import RunRecord
from breakglass_tui.ui.start.stored_run import undo_state
from breakglass_tui.ui.state.run_history import UnfinishedRun
from breakglass_tui.ui.widgets.run_summary import done_steps, how_it_ended, titles
from breakglass_tui.ui.widgets.signs import Sign

LEFT = Sign("⚠", "unfinished", "$warning")
DAMAGED = Sign("✗", "unreadable", "bold $error")
BUSY = Sign("◌", "running", "$primary")


def sign_of(run: UnfinishedRun) -> Sign:
    """Return the sign for the state of the run: unfinished, unreadable journal, or running in another process."""
    if run.stored.problem is not None:
        return DAMAGED
    return BUSY if run.obstacle is not None else LEFT


def progress_text(run: UnfinishedRun, room: int) -> str:
    """Return the progress of the run, or why it is unknown. It is the longest text that fits into ``room`` cells.

    If even the shortest does not fit, return that one.
    """
    ways = _ways(run)
    return next((words for words in ways if Content(words).cell_length <= room), ways[-1])


def _ways(run: UnfinishedRun) -> tuple[str, ...]:
    if run.stored.problem is not None:
        return "journal cannot be read", "journal"
    return ("in another process",) if run.obstacle is not None else _ended(run.stored.record)


def _ended(record: RunRecord) -> tuple[str, ...]:
    if record.undoing:
        return f"undo {undo_state(record)}", "undo"
    how = how_it_ended(record)
    word, _, kept = how.partition(", ")
    last = titles(done_steps(record)[-1:])
    where = f"after {last}" if last else "in the first step"
    longest = [f"{word} {where}, {kept}"] if kept else []
    return (*longest, f"{word} {where}", *([how] if kept else []), word)

"""An unfinished run in the words of the start."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.engine.run_store import StoredRun
from breakglass_tui.ui.past import OpenRun
from breakglass_tui.ui.run_story import made, titles
from breakglass_tui.ui.signs import Sign

LEFT = Sign("⚠", "unfinished", "$warning")
DAMAGED = Sign("✗", "unreadable", "bold $error")
BUSY = Sign("◌", "under way", "$primary")


def sign_of(run: OpenRun) -> Sign:
    """Whether it can be gone on with."""
    if run.past.problem is not None:
        return DAMAGED
    return BUSY if run.obstacle is not None else LEFT


def stand(run: OpenRun, room: int) -> str:
    """How far it came, or why nobody can tell: the fullest words of those that ``room`` cells hold."""
    ways = _ways(run)
    return next((words for words in ways if Content(words).cell_length <= room), ways[-1])


def _ways(run: OpenRun) -> tuple[str, ...]:
    if run.past.problem is not None:
        return "its journal cannot be followed", "its journal"
    return ("another process is at it", "another process") if run.obstacle is not None else _stopped(run.past)


def _stopped(past: StoredRun) -> tuple[str, ...]:
    if past.record.undoing:
        return "its removal had begun", "removal begun"
    done = made(past.record)
    if not done:
        return "stopped in its first step", "in its first step", "stopped"
    last = titles(done[-1:])
    return f"stopped after {last}", f"after {last}", "stopped"

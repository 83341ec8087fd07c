"""An unfinished run in the words of the start."""

from __future__ import annotations

from breakglass_tui.engine.store import PastRun
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


def stand(run: OpenRun) -> str:
    """How far it came, or why nobody can tell."""
    if run.past.problem is not None:
        return "its journal cannot be followed"
    return "another process is at it" if run.obstacle is not None else _stopped(run.past)


def _stopped(past: PastRun) -> str:
    if past.record.undoing:
        return "its removal had begun"
    done = made(past.record)
    return f"stopped after {titles(done[-1:])}" if done else "stopped in its first step"

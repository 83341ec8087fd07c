"""How the states of a step look: a glyph and a word, and a colour that only underlines them."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.record import StepRecord

LOOKS = {
    StepStatus.NEXT: ("·", "next", "$secondary"),
    StepStatus.RUNNING: ("◌", "running", "$primary"),
    StepStatus.WAITING: ("◐", "waiting", "$accent"),
    StepStatus.UNDOING: ("↩", "undoing", "$primary"),
    StepStatus.DONE: ("✓", "done", "$success"),
    StepStatus.UNCHANGED: ("✓", "unchanged", "$success"),
    StepStatus.FAILED: ("✗", "failed", "$error"),
    StepStatus.SKIPPED: ("–", "skipped", "$secondary"),
    StepStatus.UNDONE: ("↩", "undone", "$secondary"),
    StepStatus.CANCELLED: ("⊘", "cancelled", "$secondary"),
}
MINUTE_S = 60


def word(status: StepStatus) -> Content:
    """The state as glyph and word."""
    glyph, name, style = LOOKS[status]
    return Content.styled(f"{glyph} {name}", style)


def state(step: StepRecord, *, undoing: bool) -> Content:
    """The state of a step; while all is removed, none comes next."""
    if undoing and step.status is StepStatus.NEXT:
        return Content.styled(*(("◐ cut off", "$accent") if step.may_exist else ("· not begun", "$secondary")))
    return word(step.status)


def lasted(seconds: float) -> str:
    """A duration on a step's row: ``0.4 s``, ``21 s``, ``2:05``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{int(seconds)} s" if seconds < MINUTE_S else f"{int(seconds) // MINUTE_S}:{int(seconds) % MINUTE_S:02}"


def clocked(seconds: float) -> str:
    """A duration of the whole run: ``00:23``."""
    return f"{int(seconds) // MINUTE_S:02}:{int(seconds) % MINUTE_S:02}"

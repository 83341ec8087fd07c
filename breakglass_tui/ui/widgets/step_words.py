"""The state of a step as a glyph and a word, and durations as text. The colour of a state adds no meaning."""

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
    """Return the glyph and the word for ``status``."""
    glyph, name, style = LOOKS[status]
    return Content.styled(f"{glyph} {name}", style)


def state(step: StepRecord, *, undoing: bool) -> Content:
    """Return the glyph and the word for the state of ``step``.

    During an undo, a step without a result is "partial" if its resource may exist, else "not run".
    """
    if undoing and step.status is StepStatus.NEXT:
        return Content.styled(*(("◐ partial", "$accent") if step.may_exist else ("· not run", "$secondary")))
    return word(step.status)


def lasted(seconds: float) -> str:
    """Return the duration of a step as text, such as ``0.4 s``, ``21 s`` or ``2:05``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{int(seconds)} s" if seconds < MINUTE_S else f"{int(seconds) // MINUTE_S}:{int(seconds) % MINUTE_S:02}"


def clocked(seconds: float) -> str:
    """Return the duration of a run as minutes and seconds, such as ``00:23``."""
    return f"{int(seconds) // MINUTE_S:02}:{int(seconds) % MINUTE_S:02}"

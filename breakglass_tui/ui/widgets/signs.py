"""The signs for statuses and verdicts. Each has a glyph and a word, so that the colour is not needed to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from textual.content import Content

from breakglass_tui.domain.checks import CheckStatus, Verdict
from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.record import StepRecord


class Sign(NamedTuple):
    """The sign for a status or a verdict. ``style`` is a Textual style with a colour of the theme."""

    glyph: str
    word: str
    style: str

    @property
    def cells(self) -> int:
        """The width of glyph and word, in terminal cells."""
        return len(self.glyph) + 1 + len(self.word)

    def content(self, width: int = 0) -> Content:
        """Return glyph and word, padded with spaces to ``width`` cells."""
        return Content.styled(f"{self.glyph} {self.word}".ljust(width), self.style)


CHECK_SIGNS = {
    CheckStatus.PASS: Sign("✓", "PASS", "$success"),
    CheckStatus.FAIL: Sign("✗", "FAIL", "bold $error"),
    CheckStatus.WARN: Sign("⚠", "WARN", "$warning"),
    CheckStatus.SKIP: Sign("–", "SKIP", "$secondary"),
}
RUNNING = Sign("◌", "running", "$primary")
NEXT = Sign("·", "next", "$secondary")
STEP_SIGNS = {
    StepStatus.NEXT: NEXT,
    StepStatus.RUNNING: RUNNING,
    StepStatus.WAITING: Sign("◐", "waiting", "$accent"),
    StepStatus.UNDOING: Sign("↩", "undoing", "$primary"),
    StepStatus.DONE: Sign("✓", "done", "$success"),
    StepStatus.UNCHANGED: Sign("✓", "unchanged", "$success"),
    StepStatus.FAILED: Sign("✗", "failed", "$error"),
    StepStatus.SKIPPED: Sign("–", "skipped", "$secondary"),
    StepStatus.UNDONE: Sign("↩", "undone", "$secondary"),
    StepStatus.CANCELLED: Sign("⊘", "cancelled", "$secondary"),
}
PARTIAL = Sign("◐", "partial", "$accent")
NOT_RUN = Sign("·", "not run", "$secondary")
VERDICT_SIGNS = {
    Verdict.READY: Sign("✓", "READY", "bold $success"),
    Verdict.NEEDS_CONTROL_PLANE: Sign("◐", "STEPS LEFT", "bold $warning"),
    Verdict.NOT_READY: Sign("✗", "NOT READY", "bold $error"),
}
NOT_PROVEN = Sign("–", "NOT PROVEN", "bold $warning")
CHECKING = Sign("◌", "CHECKING…", "bold $primary")


def step_sign(step: StepRecord, *, undoing: bool) -> Sign:
    """Return the sign for the state of ``step``.

    During an undo, a step without a result is "partial" if its resource may exist, else "not run".
    """
    if undoing and step.status is StepStatus.NEXT:
        return PARTIAL if step.may_exist else NOT_RUN
    return STEP_SIGNS[step.status]


def verdict_sign(verdict: Verdict, words: str) -> Sign:
    """Return the sign for ``verdict``. ``words`` is its text, as ``verdict_words`` returns it."""
    sign = NOT_PROVEN if words == NOT_PROVEN.word else VERDICT_SIGNS[verdict]
    return sign._replace(word=words)


def counted(statuses: Iterable[CheckStatus]) -> list[Content]:
    """Return a text with the number of checks for each status, such as "3 pass".

    Statuses that do not occur are left out, except pass and fail.
    """
    numbers = Counter(statuses)
    always = (CheckStatus.PASS, CheckStatus.FAIL)
    return [
        Content.styled(f"{numbers[status]} {sign.word.lower()}", sign.style if numbers[status] else "$secondary")
        for status, sign in CHECK_SIGNS.items()
        if numbers[status] or status in always
    ]

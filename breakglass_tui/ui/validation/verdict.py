"""VerdictLine: shows the verdict, its reasons and risks, and what clears each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from breakglass_tui.domain.checks import Readiness, Verdict
from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import KIND_WORDS, RISKS
from breakglass_tui.ui.state.validation import Validation
from breakglass_tui.ui.validation.unknown_devices import here
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain
from breakglass_tui.ui.widgets.signs import CHECKING, NOT_PROVEN, verdict_sign

SHARE = 0.3
"""The largest part of the screen's height that the widget takes. The key v shows the whole text."""
LEAST = 4
MEANINGS = {
    Verdict.READY: "Works now, even if IAM's control plane is down.",
    Verdict.NEEDS_CONTROL_PLANE: "Works after this.",
    Verdict.NOT_READY: "Not usable in an emergency.",
}
UNTESTED = "Not tested. Do not rely on it yet."
LONGEST = 4096


class VerdictLine(Paragraphs):
    """A widget with the verdict and its reasons. While checks are running, it has the number of checks done."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._reasons: Sequence[Sequence[Paragraph]] = ()

    def draw(self, validation: Validation) -> None:
        """Show the verdict of ``validation``, or the progress of its checks."""
        if validation.inspecting:
            done = len(validation.titles) - len(validation.unchecked)
            count = f"  {done} of {len(validation.titles)} checks done" if validation.titles else ""
            self._reasons = ()
            self.show([Paragraph(Content(""), Content.assemble(CHECKING.content(), count))])
            return
        readiness = validation.record.readiness
        self._reasons = list(_entries(readiness))
        self.show([_head(readiness), *(part for reason in self._reasons for part in reason)])

    def _lines(self, width: int) -> list[Content]:
        """Return the lines of the widget at ``width`` cells.

        Entries that do not fit are left out and counted in the last line.
        """
        every = super()._lines(width)
        room = max(LEAST, round(self.screen.size.height * SHARE))
        if len(every) <= room or not self._reasons:
            return every
        entries = [[part.lines(max(1, width)) for part in reason] for reason in self._reasons]
        head = every[: len(every) - sum(len(lines) for entry in entries for lines in entry)]
        return [*head, *_fitting(entries, room - len(head))]


def _fitting(entries: Sequence[Sequence[list[Content]]], room: int) -> list[Content]:
    """Return the lines of the first entries that fit ``room`` rows, and a last line with the number of the others.

    An entry is a list of parts, and a part is a list of lines. If the first entry does not fit, return the parts of it
    that fit.
    """
    shown: list[Content] = []
    number = 0
    for entry in entries:
        lines = [line for part in entry for line in part]
        if len(shown) + len(lines) + 1 > room:
            break
        shown += lines
        number += 1
    for part in entries[0] if number == 0 else ():
        if len(shown) + len(part) + 1 > room:
            break
        shown += part
    return [*shown, _more(len(entries) - number)]


def verdict_document(readiness: Readiness) -> list[Paragraph]:
    """Return paragraphs with the verdict, its meaning, and all reasons and risks with what clears them."""
    entries = [part for entry in _entries(readiness) for part in (plain(""), *entry)]
    return [_head(readiness), *(entries or [plain(""), plain("Nothing is left to do.")])]


def _head(readiness: Readiness) -> Paragraph:
    words = readiness.words
    meaning = UNTESTED if words == NOT_PROVEN.word else MEANINGS[readiness.verdict]
    return Paragraph(Content(""), Content.assemble(verdict_sign(readiness.verdict, words).content(), f"  {meaning}"))


def _entries(readiness: Readiness) -> Iterator[list[Paragraph]]:
    for reason in readiness.reasons:
        yield _entry(f"{KIND_WORDS[reason.kind]}: {reason.text}", reason.clear)
    for number, risk in enumerate(readiness.risks):
        heading = [Paragraph(Content(""), Content.styled(RISKS, "bold $warning"))] if number == 0 else []
        yield [*heading, *_entry(risk.text, risk.clear)]


def _entry(text: str, clear: str) -> list[Paragraph]:
    parts = [Paragraph(Content("  • "), Content(show(text, LONGEST)))]
    if clear:
        parts.append(Paragraph(Content.styled("    → ", "$primary"), Content(show(here(clear), LONGEST))))
    return parts


def _more(number: int) -> Content:
    words = f"{number} more: " if number else "in full: "
    return Content.assemble("  … ", words, ("v", "bold"), " shows every reason and risk")

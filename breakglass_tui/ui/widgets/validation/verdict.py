"""VerdictLine: the answer first, in words, and what keeps it from being READY, with the step that clears it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from breakglass_tui.domain.checks import Readiness, Verdict
from breakglass_tui.domain.sign_in import LED_BY
from breakglass_tui.domain.text import show
from breakglass_tui.ui.proof import Proof
from breakglass_tui.ui.signs import CHECKING, VERDICT_SIGNS
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain

SHARE = 0.25
"""The part of the screen's height that the reasons may take; the rest of them is a key away."""
LEAST = 4
MEANINGS = {
    Verdict.READY: "it would work now, with IAM's control plane down as well",
    Verdict.NEEDS_CONTROL_PLANE: "it works only after a write to IAM",
    Verdict.NOT_READY: "do not count on it",
}
LONGEST = 4096


class VerdictLine(Paragraphs):
    """READY, NEEDS THE CONTROL PLANE or NOT READY once every check is in; until then how many are."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._reasons: Sequence[Sequence[Paragraph]] = ()

    def draw(self, proof: Proof) -> None:
        """Show what is known now."""
        if proof.inspecting:
            done = len(proof.titles) - len(proof.unchecked)
            count = f"  {done} of {len(proof.titles)} checks are in" if proof.titles else ""
            self._reasons = ()
            self.tell([Paragraph(Content(""), Content.assemble(CHECKING.content(), count))])
            return
        readiness = proof.record.readiness
        self._reasons = list(_reasons(readiness))
        head = Content.assemble(VERDICT_SIGNS[readiness.verdict].content(), f"  {MEANINGS[readiness.verdict]}")
        self.tell([Paragraph(Content(""), head), *(part for reason in self._reasons for part in reason)])

    def _lines(self, width: int) -> list[Content]:
        """All of it where there is room; else a line each, as many as there is room for, and how many more."""
        every = super()._lines(width)
        room = max(LEAST, round(self.screen.size.height * SHARE))
        if len(every) <= room or not self._reasons:
            return every
        reasons = [[_one_line(part, width) for part in reason] for reason in self._reasons]
        shown = every[: len(every) - sum(len(part.lines(max(1, width))) for reason in self._reasons for part in reason)]
        number = 0
        for lines in reasons:
            if len(shown) + len(lines) + 1 > room:
                break
            shown += lines
            number += 1
        return [*shown, _more(len(reasons) - number)]


def _one_line(paragraph: Paragraph, width: int) -> Content:
    return Content.assemble(paragraph.head, paragraph.body).truncate(max(1, width), ellipsis=True)


def verdict_document(readiness: Readiness) -> list[Paragraph]:
    """The verdict, what it means, and every reason with its step."""
    sign = VERDICT_SIGNS[readiness.verdict]
    head = Paragraph(Content(""), Content.assemble(sign.content(), f"  {MEANINGS[readiness.verdict]}"))
    reasons = [part for reason in _reasons(readiness) for part in (plain(""), *reason)]
    return [head, *(reasons or [plain(""), plain("Nothing is left to do.")])]


def _reasons(readiness: Readiness) -> Iterable[list[Paragraph]]:
    for reason, step in zip(readiness.reasons, readiness.steps, strict=True):
        parts = [Paragraph(Content("  • "), Content(show(reason, LONGEST)))]
        if step:
            parts.append(Paragraph(Content.styled("    → ", "$primary"), Content(show(here(step), LONGEST))))
        yield parts


def here(step: str) -> str:
    """What a check advises, as it reads on the very screen that it leads to."""
    return step.replace(LED_BY, "f")


def _more(number: int) -> Content:
    words = f"{number} more: " if number else "in full: "
    return Content.assemble("  … ", words, ("v", "bold"), " opens every reason and the step that clears it")

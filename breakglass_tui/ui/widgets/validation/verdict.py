"""VerdictLine: the answer first, in words, and what keeps it from being READY."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.signs import CHECKING, VERDICT_SIGNS
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs


class VerdictLine(Paragraphs):
    """READY, NEEDS THE CONTROL PLANE or NOT READY once every check is in; until then how many are."""

    def draw(self, session: Session) -> None:
        """Show what ``session`` knows now."""
        if session.inspecting:
            done = len(session.check_titles) - len(session.unchecked)
            count = f"  {done} of {len(session.check_titles)} checks are in" if session.check_titles else ""
            self.tell([Paragraph(Content(""), Content.assemble(CHECKING.content(), count))])
            return
        readiness = session.record.readiness
        sign = VERDICT_SIGNS[readiness.verdict]
        reasons = [show(reason) for reason in readiness.reasons]
        summary = "" if reasons else "  it would work now, with IAM's control plane down as well"
        first = Paragraph(Content(""), Content.assemble(sign.content(), summary))
        self.tell([first, *(Paragraph(Content("  • "), Content(reason)) for reason in reasons)])

"""ExportNote: where the report is, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain

LONGEST_PATH = 4096


class ExportNote(Paragraphs):
    """Paths in full, or what happened, why, and what to do."""

    def draw(self, paths: Sequence[Path], problem: Problem | None) -> None:
        """Show the last export."""
        if problem is not None:
            what = Paragraph(Content.styled("✗ ", "bold $error"), Content.styled(show(problem.what), "bold $error"))
            rest = [plain(show(text), indent=2) for text in (problem.why, problem.next, "e tries again.") if text]
            self.tell([what, *rest])
        elif paths:
            head = Paragraph(Content.styled("✓ ", "$success"), Content("Report written.  y copies the first path"))
            self.tell([head, *(plain(show(str(path), LONGEST_PATH), "$primary", indent=2) for path in paths)])
        else:
            self.tell(())

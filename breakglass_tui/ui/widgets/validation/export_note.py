"""ExportNote: the path of the report, or why it was not written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain

LONGEST_PATH = 4096


class ExportNote(Paragraphs):
    """The directory of the report and its file names, or a problem."""

    def draw(self, paths: Sequence[Path], problem: Problem | None, again: str = "") -> None:
        """Show the files of the last export, or a problem and ``again``, the sentence about the key that retries."""
        if problem is not None:
            what = Paragraph(Content.styled("✗ ", "bold $error"), Content.styled(show(problem.what), "bold $error"))
            rest = [plain(show(text), indent=2) for text in (problem.why, problem.next, again) if text]
            self.tell([what, *rest])
        elif paths:
            head = Paragraph(
                Content.styled("✓ ", "$success"), Content(f"Report exported.  y copies the path of {paths[0].name}")
            )
            names = Content(" · ").join([path.name for path in paths])
            where = plain(show(str(paths[0].parent), LONGEST_PATH), "$primary", indent=2)
            self.tell([head, where, Paragraph(Content("  "), names)])
        else:
            self.tell(())

"""ExportNote: shows the paths of the exported report, or why it was not written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain

LONGEST_PATH = 4096


class ExportNote(Paragraphs):
    """A widget with the directory and the file names of the exported report, or with a problem.

    It is empty before that.
    """

    def draw_wait(self, text: str) -> None:
        """Show that the export waits for the operator, as ``text`` says."""
        self.show([Paragraph(Content.styled("◌ ", "bold $warning"), Content.styled(show(text), "bold $warning"))])

    def draw(self, paths: Sequence[Path], problem: Problem | None, again: str = "") -> None:
        """Show ``problem`` with the sentence ``again`` about the retry. Without a problem, show the files ``paths``.

        With both, the files are written and not signed.
        """
        if problem is not None:
            what = Paragraph(Content.styled("✗ ", "bold $error"), Content.styled(show(problem.what), "bold $error"))
            kept = f"The report is written, without a signature, to {paths[0].parent}." if paths else ""
            texts = (problem.why, problem.next, kept, again)
            rest = [plain(show(text, LONGEST_PATH), indent=2) for text in texts if text]
            self.show([what, *rest])
        elif paths:
            head = Paragraph(
                Content.styled("✓ ", "$success"), Content(f"Report exported.  y copies the path of {paths[0].name}")
            )
            names = Content(" · ").join([path.name for path in paths])
            where = plain(show(str(paths[0].parent), LONGEST_PATH), "$primary", indent=2)
            self.show([head, where, Paragraph(Content("  "), names)])
        else:
            self.show(())

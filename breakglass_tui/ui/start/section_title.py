"""SectionTitle: the title of a list, with a note at the right edge."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class SectionTitle(Static):
    """A line with the title of a list at the left, and a note at the right, such as a count."""

    def __init__(self, title: str) -> None:
        super().__init__("", classes="section-title", markup=False)
        self._title, self._note = title, ""

    def tell(self, note: str) -> None:
        """Set the note at the right edge."""
        self._note = note
        self.refresh()

    def render(self) -> Content:
        """Return the line. If it is too narrow, the note is cut."""
        room = self.size.width - len(self._title) - 2
        note = Content(self._note).truncate(max(0, room), ellipsis=True)
        gap = " " * max(1, self.size.width - len(self._title) - note.cell_length)
        return Content.assemble(self._title, gap, note.stylize("not bold $secondary"))

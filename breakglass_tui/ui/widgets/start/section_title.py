"""SectionTitle: what a list holds, and at the right edge how much of it there is."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class SectionTitle(Static):
    """One line as wide as the list below it."""

    def __init__(self, title: str) -> None:
        super().__init__("", classes="section-title", markup=False)
        self._title, self._note = title, ""

    def tell(self, note: str) -> None:
        """Another note."""
        self._note = note
        self.refresh()

    def render(self) -> Content:
        """The title in full, the note as far as there is room."""
        room = self.size.width - len(self._title) - 2
        note = Content(self._note).truncate(max(0, room), ellipsis=True)
        gap = " " * max(1, self.size.width - len(self._title) - note.cell_length)
        return Content.assemble(self._title, gap, note.stylize("not bold $secondary"))

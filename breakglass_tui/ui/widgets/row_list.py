"""RowList: the base class of lists that mark the selected row with a sign, not only with a colour."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

MARKS = {True: "▸ ", False: "▹ "}
"""The sign of the selected row, by whether the list has the focus."""
MARK_STYLE = "bold $accent"
"""The style of the sign if the list has the focus."""


class RowList(OptionList, inherit_bindings=False):
    """A list whose subclass provides the rows, which may depend on the width. The screen handles enter.

    Subclasses define ``row_count`` and ``row``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", show=False, id="row-down"),
        Binding("up,k", "cursor_up", "Up", show=False, id="row-up"),
        Binding("home,g", "first", "First", show=False, id="row-first"),
        Binding("end,G", "last", "Last", show=False, id="row-last"),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._marked: int | None = None

    @property
    def row_count(self) -> int:
        """The number of rows. Every subclass overrides this."""
        raise NotImplementedError

    def row(self, index: int, width: int) -> Content:
        """Return the row ``index``, for a list of ``width`` cells. Every subclass overrides this."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw all rows again. The selected index stays, unless there are fewer rows now."""
        if self.option_count != self.row_count:
            chosen = self.highlighted or 0
            self.set_options([self._marked_row(index) for index in range(self.row_count)])
            self.highlighted = min(chosen, self.row_count - 1) if self.row_count else None
        for index in range(self.row_count):
            self._redraw_row(index)

    def _redraw_row(self, index: int | None) -> None:
        if index is None or index >= self.option_count:
            return
        row = self._marked_row(index)
        if row != self.get_option_at_index(index).prompt:  # each replacement triggers a layout of the list
            self.replace_option_prompt_at_index(index, row)

    def _marked_row(self, index: int) -> Content:
        chosen = index == self.highlighted
        mark = MARKS[self.has_focus] if chosen else "  "
        width = max(10, self.scrollable_content_region.width - len(mark))
        style = MARK_STYLE if chosen and self.has_focus else ""
        return Content.assemble((mark, style), self.row(index, width).truncate(width, ellipsis=True))

    @on(OptionList.OptionHighlighted)
    def _move_mark(self) -> None:
        self._redraw_row(self._marked)
        self._marked = self.highlighted
        self._redraw_row(self._marked)

    def on_resize(self) -> None:
        """Draw all rows again for the new width."""
        self.redraw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the selected row again, because its sign shows whether the list has the focus."""
        super().watch_has_focus(has_focus)
        self._redraw_row(self.highlighted)

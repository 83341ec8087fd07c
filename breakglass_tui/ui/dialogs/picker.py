"""PickerDialog: a list that is searched by typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breakglass_tui.domain.text import show
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.widgets.assessment.typed_input import TypedInput

CHROME = 12
"""Rows of the dialog and its margin, without the list."""
MOST = 200
"""Rows drawn at once. Typing narrows a longer list."""
EMPTY = "the list is empty"


@dataclass(frozen=True)
class PickItem:
    """One entry: the value, its text, and the reason why it cannot be selected."""

    id: str
    name: str
    detail: str = ""
    obstacle: str = ""

    def matches(self, words: Iterable[str]) -> bool:
        """Return whether every word occurs in its text, ignoring case. ``words`` are casefolded."""
        text = f"{self.name} {self.detail} {self.obstacle}".casefold()
        return all(word in text for word in words)


class SearchField(TypedInput):
    """The search text. With ``many`` items to select, a space is not part of it."""

    def __init__(self, query: str, *, many: bool) -> None:
        super().__init__(query, placeholder="type to search")
        self._many = many

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave the space to the dialog if it selects an item there."""
        return not (self._many and character == " ") and super().check_consume_key(key, character)


class PickerDialog(ModalScreen[tuple[str, ...] | None]):
    """Return the selected ids, or None on cancel.

    With ``many``, space and enter select and deselect, and escape closes with the selection. ``empty`` says why there
    is nothing to select.
    """

    BINDINGS = [
        Binding("escape", "close", "Close", id="picker-close"),
        # Priority: without it the search field gets the key first.
        Binding("space", "select", "Select", id="picker-toggle", show=False, priority=True),
        Binding("down", "move('cursor_down')", "Down", id="picker-down", show=False),
        Binding("up", "move('cursor_up')", "Up", id="picker-up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", id="picker-page-down", show=False),
        Binding("pageup", "move('page_up')", "Page up", id="picker-page-up", show=False),
    ]

    def __init__(
        self,
        title: str,
        items: tuple[PickItem, ...],
        chosen: tuple[str, ...],
        *,
        many: bool = False,
        query: str = "",
        empty: str = EMPTY,
    ) -> None:
        super().__init__()
        self._title, self._items, self._many, self._empty = title, items, many, empty
        # Created here and not in compose: a key may arrive before the field is mounted.
        self._search = SearchField(query, many=many)
        self._chosen = list(chosen)
        self._shown: list[PickItem] = []

    def compose(self) -> ComposeResult:
        """Compose the title, the search field, the list and the keys."""
        with Vertical(id="picker"):
            yield Static(self._title, classes="section-title", markup=False)
            yield self._search
            yield OptionList(compact=True, markup=False)
            yield Static("", id="picker-count", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show every match, with the selected one in view."""
        options = self.query_one(OptionList)
        options.can_focus = False
        self._search.cursor_position = len(self._search.value)
        self._search.focus()
        self._fill(self._search.value)

    def search_on(self, text: str) -> None:
        """Add ``text`` to the search, even before the dialog is drawn."""
        self._search.insert_text_at_cursor(text)

    def on_resize(self) -> None:
        """Give the list the height of all its rows: a dialog that shrinks while a person types is hard to read."""
        options = self.query_one(OptionList)
        options.styles.height = max(3, min(len(self._items), self.app.size.height - CHROME))
        options.call_after_refresh(options.scroll_to_highlight)

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_select()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick(event.option_index)

    def action_move(self, action: str) -> None:
        """Move in the list while the search field keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def action_close(self) -> None:
        """Close. With ``many``, return the selection."""
        self._close(tuple(self._chosen) if self._many else None)

    def action_select(self) -> None:
        """Select or deselect the highlighted item."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._pick(at)

    def _fill(self, query: str) -> None:
        words = query.casefold().split()
        found = [item for item in self._items if item.matches(words)]
        self._shown = found[:MOST]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._row(item), disabled=bool(item.obstacle)) for item in self._shown)
        options.highlighted = self._first_choice()
        select, escape = ("space select", "esc close") if self._many else ("enter select", "esc cancel")
        keys = f"{select} · {escape}" if found else escape
        self.query_one("#picker-count", Static).update(hint(f"{self._count(found)} · {keys}"))

    def _count(self, found: list[PickItem]) -> str:
        if not any(item.id for item in self._items):  # the item "none" has no id
            return show(self._empty, 80)
        if not found:
            return "no match"
        if len(found) > MOST:
            return f"{MOST} of {len(found)}, type more to narrow"
        return f"{sum(bool(item.id) for item in found)} found"

    def _first_choice(self) -> int | None:
        free = [index for index, item in enumerate(self._shown) if not item.obstacle]
        chosen = [index for index in free if self._shown[index].id in self._chosen]
        return next(iter(chosen or free), None)

    def _pick(self, index: int) -> None:
        item = self._shown[index]
        if item.obstacle:
            return
        if not self._many:
            self._close((item.id,))
            return
        if item.id in self._chosen:
            self._chosen.remove(item.id)
        else:
            self._chosen.append(item.id)
        self.query_one(OptionList).replace_option_prompt_at_index(index, self._row(item))

    def _close(self, answer: tuple[str, ...] | None) -> None:
        # A key pressed twice, or a paste that the terminal sends as keys, must not close the screen below.
        if self.is_active:
            self.dismiss(answer)

    def _row(self, item: PickItem) -> Text:
        mark = "–" if item.obstacle else "✓" if item.id in self._chosen else " "
        row = Text(f" {mark} {show(item.name, 80)}", no_wrap=True, overflow="ellipsis")
        if item.obstacle:
            return row.append(f"  {show(item.obstacle, 80)}", style="italic")
        return row.append(f"  {show(item.detail, 80)}", style="dim")

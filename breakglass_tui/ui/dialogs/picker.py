"""PickerDialog: a list one searches by typing."""

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
"""Rows of the dialog and its margin besides the list."""
MOST = 200
"""Rows drawn at once; typing narrows the rest."""


@dataclass(frozen=True)
class PickItem:
    """One entry: what is taken, how it reads, and why it cannot be taken."""

    id: str
    name: str
    detail: str = ""
    obstacle: str = ""

    def matches(self, words: Iterable[str]) -> bool:
        """Whether every word stands somewhere in it, ignoring case."""
        text = f"{self.name} {self.detail} {self.obstacle}".casefold()
        return all(word in text for word in words)


class PickerDialog(ModalScreen[tuple[str, ...] | None]):
    """Answers with the chosen ids, or None when nothing was to change. With ``many``, enter takes and drops."""

    BINDINGS = [
        Binding("escape", "close", "Close", id="picker-close"),
        Binding("down", "move('cursor_down')", "Down", id="picker-down", show=False),
        Binding("up", "move('cursor_up')", "Up", id="picker-up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", id="picker-page-down", show=False),
        Binding("pageup", "move('page_up')", "Page up", id="picker-page-up", show=False),
    ]

    def __init__(
        self, title: str, items: tuple[PickItem, ...], chosen: tuple[str, ...], *, many: bool = False, query: str = ""
    ) -> None:
        super().__init__()
        self._title, self._items, self._many = title, items, many
        # Made here and not while composing: a letter may come before it has its place.
        self._search = TypedInput(query, placeholder="type to search")
        self._chosen = list(chosen)
        self._shown: list[PickItem] = []

    def compose(self) -> ComposeResult:
        """Title, search, list, keys."""
        with Vertical(id="picker"):
            yield Static(self._title, classes="section-title", markup=False)
            yield self._search
            yield OptionList(compact=True, markup=False)
            yield Static("", id="picker-count", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Everything that matches, the chosen one in view."""
        options = self.query_one(OptionList)
        options.can_focus = False
        self._search.cursor_position = len(self._search.value)
        self._search.focus()
        self._fill(self._search.value)

    def search_on(self, text: str) -> None:
        """Add to what is searched for, even before the dialog is drawn."""
        self._search.insert_text_at_cursor(text)

    def on_resize(self) -> None:
        """As high as the whole list: a dialog that shrinks under the eyes while one types is hard to read."""
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
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._pick(at)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick(event.option_index)

    def action_move(self, action: str) -> None:
        """Move in the list while the search keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def action_close(self) -> None:
        """Leave; of many, keep those that are marked."""
        self._close(tuple(self._chosen) if self._many else None)

    def _fill(self, query: str) -> None:
        words = query.casefold().split()
        found = [item for item in self._items if item.matches(words)]
        self._shown = found[:MOST]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._row(item), disabled=bool(item.obstacle)) for item in self._shown)
        options.highlighted = self._first_choice()
        enter, escape = ("enter take or drop", "esc done") if self._many else ("enter choose", "esc close")
        keys = f"{enter} · {escape}" if found else escape
        self.query_one("#picker-count", Static).update(hint(f"{_count(found)} · {keys}"))

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
        # A key pressed twice, or a paste that the terminal sends as keys, must not close what lies below.
        if self.is_active:
            self.dismiss(answer)

    def _row(self, item: PickItem) -> Text:
        mark = "–" if item.obstacle else "✓" if item.id in self._chosen else " "
        row = Text(f" {mark} {show(item.name, 80)}", no_wrap=True, overflow="ellipsis")
        if item.obstacle:
            return row.append(f"  {show(item.obstacle, 80)}", style="italic")
        return row.append(f"  {show(item.detail, 80)}", style="dim")


def _count(found: list[PickItem]) -> str:
    if not found:
        return "nothing matches"
    there = sum(bool(item.id) for item in found)  # "none" is a way out, and nothing that was found
    if not there:
        return "there is nothing else"
    return f"{there} found" if len(found) <= MOST else f"{MOST} of {len(found)}, type more to narrow"

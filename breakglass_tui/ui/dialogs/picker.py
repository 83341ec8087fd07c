"""PickerDialog: a list to select from. Typing filters it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breakglass_tui.domain.text import show
from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.typed_input import TypedInput

CHROME = 12
"""Rows that the dialog needs besides the list, including its margin."""
MOST = 100
"""The largest number of rows drawn at once. Typing finds the other entries of a longer list."""
EMPTY = "the list is empty"
PUTS = "Puts the selection into the form. You can change it again."
ABOUT = """\
What it does
  {does}
  Type some letters to search the list. Several words must all match. – marks an entry that cannot be selected, with \
the reason.

What it will change
  Nothing in AWS.

Keys
  ↑ ↓        previous or next entry
  PgUp PgDn  scroll by a page
{keys}"""
ONE = """\
  enter      select
  esc        cancel"""
MANY = """\
  space      select or deselect
  enter      save the selection. If you selected nothing with space, it adds the current entry.
  esc        cancel"""


@dataclass(frozen=True)
class PickItem:
    """One entry of a ``PickerDialog``.

    ``id`` is the value to return, empty for the entry "none". ``name`` and ``detail`` are the text. ``obstacle`` is the
    reason why the entry cannot be selected, or is empty.
    """

    id: str
    name: str
    detail: str = ""
    obstacle: str = ""

    @property
    def searched(self) -> str:
        """The casefolded text that the search looks in."""
        return f"{self.name} {self.detail} {self.obstacle}".casefold()


class SearchField(TypedInput):
    """The search field of a ``PickerDialog``.

    With ``many``, a space does not become part of the text, because there the space key selects an entry.
    """

    def __init__(self, query: str, *, many: bool) -> None:
        super().__init__(query, placeholder="type to search")
        self._many = many

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return False for a space if the space key selects an entry. Then the dialog handles the key."""
        return not (self._many and character == " ") and super().check_consume_key(key, character)


class PickerDialog(Dialog[tuple[str, ...] | None]):
    """A dialog to select entries of a list. It returns their ids, or None on cancel.

    Without ``many``, the tuple has one id, and selecting an entry closes the dialog. With ``many``, space or a
    click selects or deselects an entry, and enter closes the dialog and returns the selection. If nothing was
    selected or deselected before, enter adds the highlighted entry.

    ``chosen`` has the ids selected at first, and ``query`` is the search text at first. ``empty`` is the text shown if
    there is nothing to select.
    """

    BINDINGS = [
        Binding("escape", "close", "Cancel", id="picker-close"),
        # Without priority, the search field would get the key first.
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
        does: str = PUTS,
    ) -> None:
        super().__init__()
        self._does = does
        self._title, self._items, self._many, self._empty = title, items, many, empty
        # Created here and not in compose, because a key may arrive before the field is mounted.
        self._search = SearchField(query, many=many)
        self._chosen, self._touched = list(chosen), False
        # Computed once, because a search in thousands of entries must not take longer than a frame.
        self._searched_texts = [item.searched for item in items]
        self._shown: list[PickItem] = []

    def compose(self) -> ComposeResult:
        """Compose the title, the search field, the list, and the line of keys."""
        with Vertical(id="picker"):
            yield Static(self._title, classes="section-title", markup=False)
            yield self._search
            yield OptionList(compact=True, markup=False)
            yield Static("", id="picker-count", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the entries that match the search text, and focus the search field."""
        options = self.query_one(OptionList)
        options.can_focus = False
        self._search.cursor_position = len(self._search.value)
        self._search.focus()
        self._fill(self._search.value)

    def action_explain(self) -> None:
        """Open the help of this dialog."""
        if isinstance(self.app, SessionApp):
            self.app.explain(self._title, ABOUT.format(does=self._does, keys=MANY if self._many else ONE))

    def search_on(self, text: str) -> None:
        """Append ``text`` to the search text. This works before the dialog is drawn too."""
        self._search.insert_text_at_cursor(text)

    def on_resize(self) -> None:
        """Set the height of the list so that all entries fit, even if the search hides some of them.

        So the dialog does not change its size while the operator types.
        """
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
        if self._many:
            self._save()
        else:
            self.action_select()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick(event.option_index)

    def action_move(self, action: str) -> None:
        """Run the cursor action ``action`` of the list, such as ``page_down``. The search field keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def action_close(self) -> None:
        """Close and return None."""
        self._close(None)

    def action_select(self) -> None:
        """Select the highlighted entry. With ``many``, deselect it if it is selected."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._pick(at)

    def _fill(self, query: str) -> None:
        words = query.casefold().split()
        texts = zip(self._searched_texts, self._items, strict=True)
        found = [item for text, item in texts if all(word in text for word in words)]
        options = self.query_one(OptionList)
        if self._shown != found[:MOST]:
            self._shown = found[:MOST]
            options.set_options(Option(self._row(item), disabled=bool(item.obstacle)) for item in self._shown)
        options.highlighted = self._first_choice()
        select, escape = ("space select · enter save" if self._many else "enter select"), "esc cancel"
        keys = f"{select} · {escape} · f1 help" if found else f"{escape} · f1 help"
        self.query_one("#picker-count", Static).update(hint(f"{self._count(found)} · {keys}"))

    def _count(self, found: list[PickItem]) -> str:
        if not any(item.id for item in self._items):  # the entry "none" has an empty id
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
        self._touched = True
        if item.id in self._chosen:
            self._chosen.remove(item.id)
        else:
            self._chosen.append(item.id)
        self.query_one(OptionList).replace_option_prompt_at_index(index, self._row(item))

    def _save(self) -> None:
        """Close and return the selection. If the operator has not changed it, add the highlighted entry."""
        at = self.query_one(OptionList).highlighted
        if at is not None and not self._touched and self._shown[at].id not in self._chosen:
            self._pick(at)
        self._close(tuple(self._chosen))

    def _close(self, answer: tuple[str, ...] | None) -> None:
        # If the key arrives twice, this runs again after the dialog has closed. It must not close the screen below.
        if self.is_active:
            self.dismiss(answer)

    def _row(self, item: PickItem) -> Text:
        mark = "–" if item.obstacle else "✓" if item.id in self._chosen else " "
        row = Text(f" {mark} {show(item.name, 80)}", no_wrap=True, overflow="ellipsis")
        if item.obstacle:
            return row.append(f"  {show(item.obstacle, 80)}", style="italic")
        return row.append(f"  {show(item.detail, 80)}", style="dim")

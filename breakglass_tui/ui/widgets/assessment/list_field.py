"""ListField: a field whose value comes from a list of the account, or is typed if the list cannot be read."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.dialogs.picker import PickerDialog, PickItem
from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.widgets.assessment.field import Field, short
from breakglass_tui.ui.widgets.assessment.pick_button import PickButton
from breakglass_tui.ui.widgets.assessment.typed_input import TypedInput

WAITING, GOOD, UNPROVEN = "◌ reading", "✓ ok", "? not verified"


class ListField(Field):
    """``noun`` names the list and ``place`` where it applies. ``title`` is the title of the picker.

    ``many`` allows several values. ``hint`` is a line that is always shown.
    """

    def __init__(
        self,
        name: str,
        label: str,
        value: tuple[str, ...],
        *,
        noun: str,
        title: str,
        place: str = "account",
        many: bool = False,
        hint: str = "",
    ) -> None:
        self._button = PickButton()
        self._input = TypedInput(", ".join(value), placeholder="none")
        super().__init__(name, label, self._button, self._input)
        self._chosen, self._noun, self._title, self._many, self._hint = value, noun, title, many, hint
        self._empty = f"No {noun} in this {place}"
        self._items: tuple[PickItem, ...] | None = None
        self._problem: Problem | None = None
        self._dropped = ""
        self._verified = False

    def on_mount(self) -> None:
        """Start without a list."""
        self.wait()

    @property
    def value(self) -> str | tuple[str, ...]:
        """The selected or typed value: a tuple of names with ``many``, else one id or an empty string."""
        return self._chosen if self._many else "".join(self._chosen[:1])

    @property
    def control(self) -> Widget:
        """The button that opens the list. Without a list it is the input."""
        return self._input if self._input.display else self._button

    @property
    def dropped(self) -> str:
        """The warning about a removed value that the list does not have, until another value is selected."""
        return self._dropped

    def drop(self, why: str) -> None:
        """Remove the value, and show ``why`` until the operator has opened the list."""
        self._dropped = f"⚠ {short(why)}"
        self.choose()

    def choose(self, *ids: str) -> None:
        """Set the value. No message is posted."""
        self._chosen = tuple(id for id in ids if id)
        self._show()

    def wait(self) -> None:
        """Show that the list is being read."""
        self._items = None
        self._type(typed=False)
        self.remark(self._hint)
        self._show()

    def offer(self, items: tuple[PickItem, ...], problem: Problem | None = None) -> None:
        """Offer the list. With a problem its items are not verified, and without items the value is typed."""
        self._items, self._verified, self._problem = items, problem is None, problem
        self._type(typed=problem is not None and not items)
        self.remark(self._notes())
        self._show()

    def _notes(self) -> str | Text:
        notes = list(filter(None, (self._hint, self._dropped, self._warning())))
        return Text("\n".join(notes)) if notes else ""

    def _warning(self) -> str:
        if self._problem is None:
            return ""
        how = "These are not verified." if self._items else self._how_to_type()
        return f"⚠ {self._noun} cannot be listed: {short(self._problem.what)} {how}"

    def _how_to_type(self) -> str:
        return "Type the names, separated by commas." if self._many else "Type it."

    def _type(self, *, typed: bool) -> None:
        if typed and not self._input.display:
            with self._input.prevent(Input.Changed):
                self._input.value = ", ".join(self._chosen)
        had_focus = self.has_focus_within
        self._input.display, self._button.display = typed, not typed
        if had_focus:
            self.control.focus()

    def _show(self) -> None:
        known = {item.id: item for item in self._items or ()}
        chosen = [known.get(id) or PickItem(id, id) for id in self._chosen]
        name = ", ".join(item.name for item in chosen) or ("" if self._items is None else "none")
        detail = chosen[0].detail if len(chosen) == 1 else ""
        self._button.tell(name, detail, self._mark(known))

    def _mark(self, known: dict[str, PickItem]) -> str:
        if self._items is None:
            return WAITING
        if not self._chosen or not all(id in known for id in self._chosen):
            return ""
        return GOOD if self._verified else UNPROVEN

    @on(PickButton.Opened)
    def _opened(self, event: PickButton.Opened) -> None:
        event.stop()
        top = self.app.screen
        if isinstance(top, PickerDialog):
            top.search_on(event.query)  # typed before the list had the focus
        elif self._items is not None and self.screen.is_active:
            title = f"{Phase.ASSESSMENT.title} · {self._title}"  # the list hides a small screen
            dialog = PickerDialog(
                title, self._items, self._chosen, many=self._many, query=event.query, empty=self._empty
            )
            self.app.push_screen(dialog, self._picked)

    def _picked(self, ids: tuple[str, ...] | None) -> None:
        if ids is None:
            return
        self._dropped = ""
        self.remark(self._notes())
        if tuple(id for id in ids if id) != self._chosen:
            self.choose(*ids)
            self.edited()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        parts = event.value.split(",") if self._many else [event.value]
        self._chosen = tuple(part.strip() for part in parts if part.strip())
        self.edited()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.done()

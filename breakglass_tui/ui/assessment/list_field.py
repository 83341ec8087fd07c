"""ListField: a form field whose value is selected from a list of the account.

If the list cannot be read, the operator types the value.
"""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.assessment.field import Field, short
from breakglass_tui.ui.assessment.pick_button import PickButton
from breakglass_tui.ui.dialogs.picker import PickerDialog, PickItem
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.widgets.typed_input import TypedInput

WAITING, GOOD, UNPROVEN = "◌ reading", "✓ ok", "? not verified"


class ListField(Field):
    """A form field whose value is selected from a list of the account, or typed if the list cannot be read.

    ``noun`` names the items of the list, such as "KMS keys". ``place`` is where they are: "account" or "Region".
    ``title`` is the title of the picker. ``many`` allows several values. ``hint`` is a line that is always shown.
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
        """Show that the list is being read."""
        self.wait()

    @property
    def value(self) -> str | tuple[str, ...]:
        """The selected or typed value: a tuple of ids with ``many``, else one id or an empty string."""
        return self._chosen if self._many else "".join(self._chosen[:1])

    @property
    def control(self) -> Widget:
        """The widget that gets the focus: the button that opens the list, or the input if there is no list."""
        return self._input if self._input.display else self._button

    @property
    def dropped(self) -> str:
        """The warning that a value was removed, or an empty string. It disappears when the operator selects a value."""
        return self._dropped

    def drop(self, why: str) -> None:
        """Remove the value, and show the reason ``why`` as a warning."""
        self._dropped = f"⚠ {short(why)}"
        self.choose()

    def choose(self, *ids: str) -> None:
        """Set the value to ``ids``. No ``Edited`` message is posted."""
        self._chosen = tuple(id for id in ids if id)
        self._show()

    def wait(self) -> None:
        """Show that the list is being read. Until ``offer`` is called, the picker does not open."""
        self._items = None
        self._type(typed=False)
        self.remark(self._hint)
        self._show()

    def offer(self, items: tuple[PickItem, ...], problem: Problem | None = None) -> None:
        """Let the operator select from ``items``.

        ``problem`` is why the list could not be read. Then the items are shown as not verified. If there are no items,
        the value is typed.
        """
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
        self._button.show(name, detail, self._mark(known))

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
            top.search_on(event.query)  # the key was typed before the open list had the focus
        elif self._items is not None and self.screen.is_active:
            title = f"{Phase.ASSESSMENT.title} · {self._title}"  # the list hides a small screen's title
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

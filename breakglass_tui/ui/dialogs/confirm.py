"""ConfirmDialog: asks the operator to confirm a change. The button that changes nothing has the focus at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs

ABOUT = """\
What it does
  Asks you to confirm what its title says. If it asks for digits, they show that you mean this account.

What it will change
  Nothing before you confirm. The text of the dialog says what happens then.

Keys
  esc n      do not confirm
  y          confirm
  ← →        choose a button
  enter      press the button, or submit the digits
  PgUp PgDn  scroll the text"""
BULLET = "  • "
"""The start of a line of the text that is an item of a list."""


class ConfirmDialog(Dialog[bool]):
    """A dialog that asks a question and has two buttons. It returns True for the button ``yes`` and False for ``no``.

    With ``must_type``, the button ``yes`` also requires that the operator types this text, such as the last digits of
    the account id. ``prompt`` is the label of that field. A long text scrolls above the buttons.
    """

    NAMED, ABOUT = "Confirm", ABOUT
    AUTO_FOCUS = "#no"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "no", "No", id="confirm-no"),
        Binding("y", "yes", "Yes", id="confirm-yes"),
        Binding("left", "app.focus_previous", "Previous", show=False, id="confirm-previous"),
        Binding("right", "app.focus_next", "Next", show=False, id="confirm-next"),
        Binding("pagedown", "page(1)", "Scroll down", show=False, id="confirm-down"),
        Binding("pageup", "page(-1)", "Scroll up", show=False, id="confirm-up"),
    ]

    def __init__(
        self, title: str, text: str, *, yes: str, no: str = "Cancel", must_type: str = "", prompt: str = ""
    ) -> None:
        super().__init__()
        self._title, self._text, self._yes, self._no = title, text, yes, no
        self._must_type, self._prompt = must_type, prompt

    def compose(self) -> ComposeResult:
        """Compose the question, the field for ``must_type`` if there is one, and the two buttons."""
        text = Paragraphs(list(_paragraphs(self._text)), id="confirm-text")
        with Vertical(id="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield VerticalScroll(text, id="confirm-scroll", can_focus=False)
            if self._must_type:
                yield from self._compose_typing()
            with Horizontal(id="answers"):
                yield Button(Content(self._no), id="no", compact=True)
                yield Button(Content(self._yes), id="yes", compact=True)
            keys = "type the digits, then enter" if self._must_type else f"y {self._yes.lower()}"
            yield Static(hint(f"esc {self._no.lower()}   {keys}   f1 help"), classes="hint", markup=False)

    def _compose_typing(self) -> Iterable[Widget]:
        with Horizontal(id="typing"):
            yield Static(self._prompt, id="typing-prompt", markup=False)
            yield Input(id="typed", compact=True, restrict=r"[0-9\s]*", max_length=16, select_on_focus=False)
        yield Static("", id="typing-error", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Put a typed digit into the field, even if a button has the focus."""
        if self._must_type and event.character and event.character.isdecimal():
            event.stop()
            field = self.query_one("#typed", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)

    def action_page(self, way: int) -> None:
        """Scroll the text by a page: down if ``way`` is 1, up if it is -1."""
        scroll = self.query_one("#confirm-scroll", VerticalScroll)
        scroll.scroll_relative(y=way * max(scroll.size.height - 1, 1), animate=False)

    @on(Button.Pressed, "#no")
    def action_no(self) -> None:
        """Close and return False."""
        self._close(yes=False)

    @on(Button.Pressed, "#yes")
    @on(Input.Submitted, "#typed")
    def action_yes(self) -> None:
        """Close and return True. If a text is required and a different one was typed, show an error and stay open."""
        if self._must_type and self.query_one("#typed", Input).value.strip() != self._must_type:
            self.query_one("#typing-error", Static).update(f"✗ {self._refusal()}")
            self.query_one("#typed", Input).focus()
            return
        self._close(yes=True)

    def _close(self, *, yes: bool) -> None:
        # If the key is pressed twice, this runs again after the dialog has closed. Then it must not close the screen
        # below.
        if self.is_active:
            self.dismiss(yes)

    def _refusal(self) -> str:
        typed = self.query_one("#typed", Input).value.strip()
        return "Wrong digits. Check the account id, then type them again." if typed else "Type the digits first."


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield one paragraph for each line of ``text``.

    In an item of a list, wrapped lines start to the right of the bullet.
    """
    for line in text.splitlines():
        head = BULLET if line.startswith(BULLET) else ""
        yield Paragraph(Content(head), Content(line.removeprefix(BULLET)))

"""StopDialog: continue the run, stop and undo it, or stop and keep its resources."""

from __future__ import annotations

from textwrap import fill, indent
from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from breakglass_tui.ui.dialogs.explained import ExplainedDialog
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.run_story import at_work, has_started, holds_power, later, made, titles
from breakglass_tui.ui.shell.base import SessionApp

Choice = tuple[Literal["undo", "keep"], bool]
WIDTH, CHROME = 76, 12
"""The width of the dialog, and the columns of it that a sentence cannot use."""
KEYS = "↑↓ choose   enter select   esc continue   f1 help"
ABOUT = """\
What it does
  Asks whether to stop the run. The run continues meanwhile. If it ends, this dialog closes.
  Continue       lets the run continue
  Stop and undo  removes the resources created, in reverse order. If a removal fails, the result shows the command.
  Stop and keep  starts no further step and keeps the resources created. You can resume or remove them later.

What it will change
  Nothing, until you choose. The current call always finishes, so that its result is known.

Keys
  ↑ ↓ j k  choose
  enter    select
  esc      continue"""
WAYS = (("go-on", "Continue"), ("undo", "Stop and undo"), ("keep", "Stop and keep"))


class StopDialog(ExplainedDialog[Choice | None]):
    """Return None to continue, or ``undo`` or ``keep`` with whether to quit as well."""

    NAMED, ABOUT = "Stop the run?", ABOUT
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-high")]
    BINDINGS = [
        Binding("escape", "go_on", "Continue", id="go-on"),
        Binding("k", "walk('up')", "Up", show=False, id="way-before"),
        Binding("j", "walk('down')", "Down", show=False, id="way-after"),
    ]

    def __init__(self, session: Session, *, quitting: bool) -> None:
        super().__init__()
        self._session, self._record, self._quitting = session, session.record, quitting
        self._decided = False

    def compose(self) -> ComposeResult:
        """Compose the three choices, the harmless one first."""
        with Vertical(id="dialog"):
            title = "Quit during the run?" if self._quitting else "Stop the run?"
            yield Static(title, classes="section-title", markup=False)
            yield OptionList(*(Option(self._prompt(index), id=id) for index, (id, _) in enumerate(WAYS)), markup=False)
            yield Static(hint(KEYS), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Highlight the harmless choice, and follow the run."""
        self.query_one(OptionList).highlighted = 0
        if isinstance(self.app, SessionApp):
            self.app.run_events.subscribe(self, lambda _: self._follow())

    def on_screen_resume(self) -> None:
        """Follow the run: it may have ended while the help was open."""
        self._follow()

    def on_resize(self) -> None:
        """Wrap the sentences to the new width."""
        self._draw()

    def action_go_on(self) -> None:
        """Let the run continue."""
        self._close(None)

    def action_walk(self, way: Literal["up", "down"]) -> None:
        """Move the highlight by one choice."""
        options = self.query_one(OptionList)
        if way == "up":
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def on_option_list_option_highlighted(self) -> None:
        """Mark the highlighted choice."""
        self._draw()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the selected choice."""
        match event.option_id:
            case "undo":
                self._close(("undo", self._quitting))
            case "keep":
                self._close(("keep", self._quitting))
            case _:
                self._close(None)

    def _close(self, choice: Choice | None) -> None:
        if self.is_active and not self._decided:
            self._decided = True
            self.dismiss(choice)

    def _follow(self) -> None:
        """Update the sentences, or close if the run has ended or is stopping."""
        if isinstance(self.app, SessionApp) and (self.app.session.ending or not self.app.session.running):
            self._close(None)
        else:
            self._draw()

    def _draw(self) -> None:
        options = self.query_one(OptionList)
        for index in range(len(WAYS)):
            options.replace_option_prompt_at_index(index, self._prompt(index, options.highlighted))

    def _prompt(self, index: int, highlighted: int | None = 0) -> Content:
        id, name = WAYS[index]
        sentence = {"go-on": self._going_on, "undo": self._undoing, "keep": self._keeping}[id]()
        width = max(20, min(WIDTH, self.app.size.width) - CHROME)
        # A command that is broken at a hyphen cannot be pasted.
        text = indent("\n".join(fill(line, width, break_on_hyphens=False) for line in sentence.splitlines()), "  ")
        return Content.assemble((f"{'▸' if index == highlighted else ' '} {name}\n", "bold"), (text, "$secondary"))

    def _going_on(self) -> str:
        running = titles(at_work(self._record))
        return f"The run continues{f' with {running}' if running else ''}."

    def _undoing(self) -> str:
        touched = titles(list(reversed(self._record.may_exist)))
        if not touched:
            return "Nothing has been written yet, and nothing will be."
        return f"The current call finishes, then these are removed in reverse order: {touched}."

    def _keeping(self) -> str:
        if not has_started(self._record):
            return "Nothing has been written yet, and nothing will be."
        done = titles(made(self._record))
        kept = f"These stay: {done}." if done else "Its result stays."
        power = "may have permissions" if holds_power(self._record) else "has no permissions yet"
        return f"The current call finishes. {kept} The user {power}. {self._resuming()}"

    def _resuming(self) -> str:
        commands = later(self._session)
        if commands:
            return f"To resume later, run:\n{commands[0]}"
        # In the demo no other process has this account.
        return "The simulated account ends with this program." if self._quitting else "To resume, press ctrl+r."

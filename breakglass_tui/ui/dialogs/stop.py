"""What shall become of a run that is stopped."""

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
"""Columns of the dialog, and of those what is beside a sentence."""
KEYS = "↑↓ choose   enter do it   esc go on   f1 help"
ABOUT = """\
What it does
  Asks what shall become of the run. The run goes on meanwhile; when it ends by itself, there is nothing left to ask.
  Go on          leaves the run alone
  Stop and undo  removes what was made, the last first; what cannot be removed is listed with the command for it
  Stop and keep  begins nothing more and leaves what was made, to be finished or removed later

What it will change
  Nothing, until you choose. A call that has left is always waited for: what AWS made of it must be known.

Keys
  ↑ ↓ j k  choose
  enter    do it
  esc      go on"""
WAYS = (("go-on", "Go on"), ("undo", "Stop and undo"), ("keep", "Stop and keep"))


class StopDialog(ExplainedDialog[Choice | None]):
    """Go on, undo what was made, or keep it. The answer carries whether to quit as well."""

    NAMED, ABOUT = "Stop the run?", ABOUT
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-high")]
    BINDINGS = [
        Binding("escape", "go_on", "Go on", id="go-on"),
        Binding("k", "walk('up')", "Up", show=False, id="way-before"),
        Binding("j", "walk('down')", "Down", show=False, id="way-after"),
    ]

    def __init__(self, session: Session, *, quitting: bool) -> None:
        super().__init__()
        self._session, self._record, self._quitting = session, session.record, quitting
        self._decided = False

    def compose(self) -> ComposeResult:
        """The three ways, the harmless one first."""
        with Vertical(id="dialog"):
            title = "Quit while the run is under way?" if self._quitting else "Stop the run?"
            yield Static(title, classes="section-title", markup=False)
            yield OptionList(*(Option(self._prompt(index), id=id) for index, (id, _) in enumerate(WAYS)), markup=False)
            yield Static(hint(KEYS), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the harmless way; follow the run."""
        self.query_one(OptionList).highlighted = 0
        if isinstance(self.app, SessionApp):
            self.app.run_events.subscribe(self, lambda _: self._follow())

    def on_screen_resume(self) -> None:
        """The run may have ended under the help."""
        self._follow()

    def on_resize(self) -> None:
        """Sentences are broken anew."""
        self._draw()

    def action_go_on(self) -> None:
        """Leave the run alone."""
        self._close(None)

    def action_walk(self, way: Literal["up", "down"]) -> None:
        """One way up or down."""
        options = self.query_one(OptionList)
        if way == "up":
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def on_option_list_option_highlighted(self) -> None:
        """Mark the way that enter would take."""
        self._draw()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the choice."""
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
        """The run may do more meanwhile, or come to its own end: then there is nothing left to choose."""
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
        text = indent(fill(sentence, max(20, min(WIDTH, self.app.size.width) - CHROME)), "  ")
        return Content.assemble((f"{'▸' if index == highlighted else ' '} {name}\n", "bold"), (text, "$secondary"))

    def _going_on(self) -> str:
        running = titles(at_work(self._record))
        return f"The run continues{f' with {running}' if running else ''}."

    def _undoing(self) -> str:
        touched = titles(list(reversed(self._record.may_exist)))
        if not touched:
            return "Nothing has been written yet, and nothing will be."
        return f"The call in flight ends, then this is removed again, the last first: {touched}."

    def _keeping(self) -> str:
        if not has_started(self._record):
            return "Nothing has been written yet, and nothing will be."
        power = "The user may hold power" if holds_power(self._record) else "The user holds no power"
        done = titles(made(self._record)) or "nothing so far"
        kept = f"The call in flight ends and stays, and so does what is done: {done}. {power}."
        return f"{kept} Finish it later: {later(self._session)[0]}"

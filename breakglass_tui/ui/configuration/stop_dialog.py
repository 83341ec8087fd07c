"""StopDialog: asks whether to continue the run, to stop and undo it, or to stop it and keep its resources."""

from __future__ import annotations

from textwrap import fill, indent
from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.signal import Signal
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from breakglass_tui.domain.events import Event
from breakglass_tui.domain.run_resources import run_resources
from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.paragraphs import Paragraphs, plain
from breakglass_tui.ui.widgets.resource_lines import listed
from breakglass_tui.ui.widgets.run_summary import at_work, has_started, holds_power, resume_commands, titles

Choice = tuple[Literal["undo", "keep"], bool]
WIDTH, CHROME = 76, 12
"""The columns of the dialog, and how many of them are not available for text."""
KEYS = "↑↓ choose   enter select   esc continue   f1 help"
ABOUT = """\
What it does
  Asks whether to stop the run. The run continues meanwhile. If it ends, this dialog closes.
  Created so far  the resources that this run has in AWS now
  Continue        the run continues
  Undo            stops the run, and removes the resources. If a removal fails, the result shows the command for it.
  Keep            stops the run, and keeps the resources. You can resume the run or remove them later. A password or \
access key that you have not confirmed as stored is deleted, because nothing else has it.

What it will change
  Nothing, until you choose. The current call always finishes, so that its result is known.

Keys
  ↑ ↓ j k  choose
  enter    select
  esc      continue"""
UNSTORED = {"login-profile": "password", "access-key": "access key"}
"""The secrets, by step, that the operator stores if nothing seals them. A stop before that deletes them in AWS."""
WAYS = (("go-on", "Continue"), ("undo", "Undo"), ("keep", "Keep"))


class StopDialog(Dialog[Choice | None]):
    """A dialog that asks how to stop the run. It returns None to continue it, else a tuple of two items.

    The first item is ``undo`` or ``keep``. The second is True if the program also quits, as passed in ``quitting``. If
    the run ends or stops while the dialog is open, the dialog closes and returns None.
    """

    NAMED, ABOUT = "Stop the run?", ABOUT
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-high")]
    BINDINGS = [
        Binding("escape", "go_on", "Continue", id="go-on"),
        Binding("k", "walk('up')", "Up", show=False, id="way-before"),
        Binding("j", "walk('down')", "Down", show=False, id="way-after"),
    ]

    def __init__(self, session: Session, run_events: Signal[Event], *, quitting: bool) -> None:
        super().__init__()
        self._run_events = run_events
        self._session, self._record, self._quitting = session, session.run.record, quitting
        self._decided = False

    def compose(self) -> ComposeResult:
        """Compose the title, the three choices and the keys. "Continue" is first, because it changes nothing."""
        with Vertical(id="dialog"):
            title = "Quit during the run?" if self._quitting else "Stop the run?"
            yield Static(title, classes="section-title", markup=False)
            yield Paragraphs(id="stop-created")
            yield OptionList(*(Option(self._prompt(index), id=id) for index, (id, _) in enumerate(WAYS)), markup=False)
            yield Static(hint(KEYS), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Highlight "Continue", and update the texts at every event of the run."""
        self.query_one(OptionList).highlighted = 0
        self._run_events.subscribe(self, lambda _: self._follow())

    def on_screen_resume(self) -> None:
        """Update the texts after the help was open, or close if the run has ended meanwhile."""
        self._follow()

    def on_resize(self) -> None:
        """Wrap the texts to the new width."""
        self._draw()

    def action_go_on(self) -> None:
        """Close and return None, so that the run continues."""
        self._close(None)

    def action_walk(self, way: Literal["up", "down"]) -> None:
        """Move the highlight to the previous (``up``) or next (``down``) choice."""
        options = self.query_one(OptionList)
        if way == "up":
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def on_option_list_option_highlighted(self) -> None:
        """Draw the choices again, to mark the highlighted one."""
        self._draw()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close and return the selected choice."""
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
        """Update the texts. If the run has ended or is stopping, close instead."""
        if self._session.run.ending or not self._session.run.running:
            self._close(None)
        else:
            self._draw()

    def _draw(self) -> None:
        created = listed(run_resources(self._record)) or "nothing"
        self.query_one("#stop-created", Paragraphs).show([plain(f"Created so far: {created}.")])
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
        if not has_started(self._record):
            return "Stops the run before its first write. Nothing is removed."
        removes = "Stops the run after the current call. Then removes what it created, the last resource first."
        return f"{removes}{self._quits()}"

    def _keeping(self) -> str:
        if not has_started(self._record):
            return "Stops the run before its first write. Nothing stays in AWS."
        power = "may have permissions" if holds_power(self._record) else "has no permissions yet"
        stops = f"Stops after the current call. The resources of the run stay in AWS{self._except_unstored()}."
        return f"{stops} The user {power}.{self._quits()} {self._resuming()}"

    def _except_unstored(self) -> str:
        """Return which secrets the stop deletes, because they have no seal and the operator has not stored them."""
        header = self._record.header
        if header is None or is_sealed(header.request):
            return ""
        stored = self._record.recovery.stored
        lost = [UNSTORED[step.id] for step in at_work(self._record) if step.id in UNSTORED and step.id not in stored]
        return f", except the unstored {' and '.join(lost)}" if lost else ""

    def _quits(self) -> str:
        return " Then quits." if self._quitting else ""

    def _resuming(self) -> str:
        commands = resume_commands(self._session.run.record, self._session.connection)
        if commands:
            return f"To resume later, run:\n{commands[0]}"
        # A simulated account ends with its process, so another process cannot resume the run.
        return "The simulated account ends with this program." if self._quitting else "To resume, press ctrl+r."

"""TerminalTitle: sets the title of the terminal to the state of the run."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import Event

PUT_AWAY, GIVEN_BACK = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS sequences that save and restore the terminal's title. Terminals without them ignore both."""
NAME = "breakglass-tui"
AT_WORK, WAITING = "running", "waiting for you"
ENDS = {"done": "done", "undone": "everything removed", "incomplete": "resources left in AWS"}


class TerminalTitle:
    """The title of the terminal. It has only fixed words, because a terminal may interpret other text in it.

    ``write`` sends an escape sequence to the terminal.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def open(self) -> None:
        """Save the title of the terminal, and set the one of this program."""
        self._write(PUT_AWAY)
        self._entitle("")

    def close(self) -> None:
        """Restore the title that the terminal had before."""
        self._write(GIVEN_BACK)

    def follow(self, event: Event) -> None:
        """Set the title to the state of the run after ``event``."""
        match event:
            case e.RunFinished(status=status):
                self._entitle(ENDS.get(status, ""))
            case e.Asked():
                self._entitle(WAITING)
            case e.RunStarted() | e.RunResumed() | e.Answered() | e.UndoStarted():
                self._entitle(AT_WORK)
            case _:
                pass

    def _entitle(self, state: str) -> None:
        self._write(f"\x1b]0;{NAME}{': ' if state else ''}{state}\x07")

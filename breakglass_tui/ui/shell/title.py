"""TerminalTitle: shows the state of the run in the title of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event

PUT_AWAY, GIVEN_BACK = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS sequences that save and restore the terminal's title. Terminals without them ignore both."""
NAME = "breakglass-tui"
AT_WORK, WAITING = "running", "waiting for you"
ENDS = {"done": "done", "undone": "everything removed", "incomplete": "resources left in AWS"}


class TerminalTitle(SessionApp):
    """App mixin that sets the title of the terminal to the state of the run.

    The title has only fixed words, because a terminal may interpret other text in it.
    """

    def on_mount(self) -> None:
        """Save the title of the terminal, set the one of this program, and subscribe to the events of the run."""
        self._write(PUT_AWAY)
        self._entitle("")
        self.run_events.subscribe(self, self._follow_in_title)

    def on_unmount(self) -> None:
        """Restore the title that the terminal had before."""
        self._write(GIVEN_BACK)

    def _follow_in_title(self, event: Event) -> None:
        from breakglass_tui.domain import events as e

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

    def _write(self, text: str) -> None:
        if self._driver is not None and not self._driver.is_headless:
            self._driver.write(text)
            self._driver.flush()

"""The terminal's title: the state of the run, visible from another window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event

PUT_AWAY, GIVEN_BACK = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS: save the terminal's title, and restore it. A terminal that does not know them ignores both."""
NAME = "breakglass-tui"
AT_WORK, WAITING = "running", "waiting for you"
ENDS = {"done": "done", "undone": "everything removed", "incomplete": "resources left in AWS"}


class TerminalTitle(SessionApp):
    """Sets the title to fixed words only, because the terminal interprets a title."""

    def on_mount(self) -> None:
        """Save the terminal's title, and follow the run."""
        self._write(PUT_AWAY)
        self._entitle("")
        self.run_events.subscribe(self, self._follow_in_title)

    def on_unmount(self) -> None:
        """Restore the terminal's title."""
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

"""The terminal's title: how a run stands, for who is looking at another window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event

PUT_AWAY, GIVEN_BACK = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS: the terminal keeps the title it had, and takes it out again; one that does not know them ignores both."""
NAME = "breakglass-tui"
AT_WORK, WAITING = "at work", "waiting for you"
ENDS = {"done": "done", "undone": "nothing is left", "incomplete": "something is left in AWS"}


class TerminalTitle(SessionApp):
    """Written from a few words of our own only: a title is the terminal's to obey."""

    def on_mount(self) -> None:
        """Keep the title that was there, and follow the run."""
        self._write(PUT_AWAY)
        self._entitle("")
        self.run_events.subscribe(self, self._follow_in_title)

    def on_unmount(self) -> None:
        """The shell's title is the shell's."""
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

    def _entitle(self, stand: str) -> None:
        self._write(f"\x1b]0;{NAME}{': ' if stand else ''}{stand}\x07")

    def _write(self, text: str) -> None:
        if self._driver is not None and not self._driver.is_headless:
            self._driver.write(text)
            self._driver.flush()

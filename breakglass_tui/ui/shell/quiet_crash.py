"""A crash that shows where, never what."""

from __future__ import annotations

from textual.app import App


class QuietCrash(App[None]):
    """Textual's crash screen prints local variables; a secret could be among them."""

    def _fatal_error(self) -> None:
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None, suppress=["textual"])
        self._exit_renderables.append(traceback)
        self._close_messages_no_wait()

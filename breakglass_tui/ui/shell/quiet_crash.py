"""A crash that shows where, never what."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from breakglass_tui.traces import outline
from breakglass_tui.ui.shell.part import Part

log = logging.getLogger(__name__)


class QuietCrash(Part):
    """Textual's crash screen prints local variables and the exception's text; a secret could be among them."""

    def on_mount(self) -> None:
        """What nobody awaits is written down like everything else."""
        asyncio.get_running_loop().set_exception_handler(_unawaited)

    def _handle_exception(self, error: Exception) -> None:
        from rich.text import Text
        from textual.worker import WorkerFailed

        # It has no place of its own, and its text quotes the exception of the worker.
        lines = outline(error.error if isinstance(error, WorkerFailed) else error)
        log.error("the screen ended: %s", "\n".join(lines))
        if not self._exit_renderables:
            self._exit_renderables.append(
                Text("\n".join(("Something unexpected happened inside this program.", *lines, REPORT_IT)))
            )
        super()._handle_exception(error)

    def panic(self, *_: Any) -> None:
        """As any other crash: what an exception draws of itself is not shown."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        self.bell()
        self._close_messages_no_wait()


REPORT_IT = "Please report it with these lines; nothing secret is in them. What a run has made: breakglass-tui runs"


def _unawaited(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.error("nobody waited for: %s", "\n".join(outline(error)))

"""QuietCrash: reports a crash with places in the code, and without values."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rich.text import Text
from textual.worker import WorkerFailed

from breakglass_tui.traces import outline
from breakglass_tui.ui.shell.app_mixin import AppMixin

log = logging.getLogger(__name__)


class QuietCrash(AppMixin):
    """App mixin that replaces Textual's crash screen.

    Textual's screen prints local variables and exception texts, which may contain a secret.
    """

    def on_mount(self) -> None:
        """Install a handler that logs exceptions of tasks that nothing awaits."""
        asyncio.get_running_loop().set_exception_handler(_unawaited)

    def _handle_exception(self, error: Exception) -> None:

        # A WorkerFailed only wraps the exception of the worker, and its text contains the text of that exception.
        lines = outline(error.error if isinstance(error, WorkerFailed) else error)
        log.error("the screen ended: %s", "\n".join(lines))
        if not self._exit_renderables:
            self._exit_renderables.append(
                Text("\n".join(("An unexpected error occurred in this program.", *lines, REPORT_IT)))
            )
        super()._handle_exception(error)

    def panic(self, *_: Any) -> None:
        """End the app as after any other crash. Its arguments could show values, so they are not printed."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        self.bell()
        self._close_messages_no_wait()


REPORT_IT = "Please report it with these lines. They contain no secret. To list all runs: breakglass-tui runs"


def _unawaited(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.error("error in a background task: %s", "\n".join(outline(error)))

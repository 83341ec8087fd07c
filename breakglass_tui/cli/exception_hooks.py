"""Hooks for uncaught exceptions. They print types and places, never messages or values, which may contain secrets."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def install() -> None:
    """Install hooks for exceptions of the main thread, of other threads, and for those that Python cannot raise."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _report("this program ended", error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        _report("a thread ended", args.exc_value)


def _unraisable(args: UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _report("an exception was ignored", args.exc_value)


def _report(event: str, error: BaseException) -> None:
    """Write the outline of ``error`` to stderr and to the log, if that is open.

    The log is needed because stderr is not visible while the app draws the screen.
    """
    import logging

    from breakglass_tui.cli.streams import to_stderr
    from breakglass_tui.traces import outline

    lines = outline(error)
    if logging.getLogger("breakglass_tui").handlers:
        logging.getLogger(__name__).error("%s: %s", event, "\n".join(lines))
    to_stderr(f"breakglass-tui: {event}: {lines[0]}", *lines[1:])

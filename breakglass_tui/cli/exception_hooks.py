"""Hooks for uncaught exceptions. They print type and place, and never a text or a value."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def install() -> None:
    """Install the hooks for the main thread, for other threads, and for exceptions that cannot be raised."""
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
    """Write to stderr and, if it is open, to the log: stderr is invisible while the screen is drawn."""
    import logging

    from breakglass_tui.cli.streams import to_stderr
    from breakglass_tui.traces import outline

    lines = outline(error)
    if logging.getLogger("breakglass_tui").handlers:
        logging.getLogger(__name__).error("%s: %s", event, "\n".join(lines))
    to_stderr(f"breakglass-tui: {event}: {lines[0]}", *lines[1:])

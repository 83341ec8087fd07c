"""What Python says about an exception that nobody caught: its type and place, never its text or a value."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def install() -> None:
    """From now on, for the main thread, every other thread, and what is raised where it cannot be handed on."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _tell("this program ended", error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        _tell("a thread ended", args.exc_value)


def _unraisable(args: UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _tell("an exception was ignored", args.exc_value)


def _tell(what: str, error: BaseException) -> None:
    """To people and, once there is one, to the log: while the screen is drawn nobody sees stderr."""
    import logging

    from breakglass_tui.cli.streams import people
    from breakglass_tui.traces import outline

    lines = outline(error)
    if logging.getLogger("breakglass_tui").handlers:
        logging.getLogger(__name__).error("%s: %s", what, "\n".join(lines))
    people(f"breakglass-tui: {what}: {lines[0]}", *lines[1:])

"""The log file: what this program says about itself, and nothing that others say about their calls."""

from __future__ import annotations

import contextlib
import logging
import os
from io import TextIOWrapper
from pathlib import Path

from breakglass_tui.directories import flaw_of, make_private
from breakglass_tui.settings import state_dir
from breakglass_tui.traces import outline

FILE = "breakglass-tui.log"
LIMIT_BYTES = 1_000_000
TALKATIVE = ("boto3", "botocore", "s3transfer", "urllib3", "werkzeug", "moto", "flask", "responses", "asyncio")
"""At DEBUG some of these write whole requests and answers, secrets included."""


def open_log(directory: Path | None = None) -> str:
    """Begin to log; returns why that is not possible, or nothing. Never raises."""
    silence_libraries()
    ours = logging.getLogger("breakglass_tui")
    ours.propagate = False
    ours.setLevel(logging.INFO)
    close_log()
    try:
        directory = directory or state_dir()
        make_private(directory)
        flaw = flaw_of(directory)
        if flaw is not None:
            ours.addHandler(logging.NullHandler())
            return f"there will be no log file in {flaw.path}. {flaw.why} Mend it with: {flaw.remedy} {flaw.path}"
        _begin_anew(directory / FILE)
        handler = _PrivateFile(directory / FILE, encoding="utf-8")
    except (OSError, RuntimeError) as error:
        ours.addHandler(logging.NullHandler())
        return f"there will be no log file: {getattr(error, 'strerror', None) or type(error).__name__}"
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours.addHandler(handler)
    return ""


def close_log() -> None:
    """Close the file and forget the handlers."""
    ours = logging.getLogger("breakglass_tui")
    for handler in list(ours.handlers):
        ours.removeHandler(handler)
        with contextlib.suppress(OSError):
            handler.close()


def silence_libraries() -> None:
    """Keep what carries secrets at DEBUG from every handler, Python's handler of last resort included."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.handlers[:] = [logging.NullHandler()]


def _begin_anew(path: Path) -> None:
    """Put a log that has grown too long aside; the one put aside before is dropped."""
    if path.is_file() and path.stat().st_size > LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))


class _Discreet(logging.Formatter):
    """Writes places instead of what an exception says, and nothing that has the form of a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """A line, and the places of an exception."""
        from breakglass_tui.redaction import redacted  # its patterns take as long as a widget to the first paint

        return redacted(super().format(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - logging's name
        """Its type and where it passed."""
        return "\n".join(outline(ei[1])) if ei[1] else ""


class _PrivateFile(logging.FileHandler):
    """A log file of mode 0600 that is no symbolic link, and that is silent about a full disk."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.baseFilename, flags, 0o600)
        os.fchmod(descriptor, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Losing a log line must not disturb the screen or the run."""

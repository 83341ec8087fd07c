"""The log file. It contains only records of this program, because libraries can log secrets."""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
from io import TextIOWrapper
from pathlib import Path

from breakglass_tui.directories import flaw_of, make_private
from breakglass_tui.redaction import redacted
from breakglass_tui.settings import state_dir
from breakglass_tui.traces import outline

FILE = "breakglass-tui.log"
LIMIT_BYTES = 1_000_000
LIBRARIES = ("boto3", "botocore", "s3transfer", "urllib3", "werkzeug", "moto", "flask", "responses", "asyncio")
"""Names of loggers of libraries. At DEBUG, some of them write complete requests and answers with secrets."""


def open_log(directory: Path | None = None) -> str:
    """Open the log file in ``directory``. Return why that is not possible, or an empty string. Never raises."""
    silence_libraries()
    own = logging.getLogger("breakglass_tui")
    own.propagate = False
    own.setLevel(logging.INFO)
    close_log()
    try:
        directory = directory or state_dir()
        make_private(directory)
        flaw = flaw_of(directory)
        if flaw is not None:
            own.addHandler(logging.NullHandler())
            remedy = f"{flaw.remedy} {shlex.quote(str(flaw.path))}"
            return f"no log file is written in {flaw.path}. {flaw.why} Fix it with: {remedy}"
        _rotate(directory / FILE)
        handler = _PrivateFile(directory / FILE, encoding="utf-8")
    except (OSError, RuntimeError) as error:
        own.addHandler(logging.NullHandler())
        return f"no log file is written: {getattr(error, 'strerror', None) or type(error).__name__}"
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    own.addHandler(handler)
    return ""


def close_log() -> None:
    """Close the log file and remove all handlers of this program."""
    own = logging.getLogger("breakglass_tui")
    for handler in list(own.handlers):
        own.removeHandler(handler)
        with contextlib.suppress(OSError):
            handler.close()


def silence_libraries() -> None:
    """Drop all log records of libraries, which can contain secrets.

    Python's handler of last resort gets none either.
    """
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.handlers[:] = [logging.NullHandler()]


def _rotate(path: Path) -> None:
    """Rename a log file that is too large. This replaces the file that was renamed before."""
    if path.is_file() and path.stat().st_size > LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))


class _RedactingFormatter(logging.Formatter):
    """Formats records for the log file. It leaves out messages of exceptions, and removes what looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of ``record`` and the lines of its exception, without anything that looks like a secret."""
        return redacted(super().format(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - logging's name
        """Return the type of an exception and the places in the code that it passed."""
        return "\n".join(outline(ei[1])) if ei[1] else ""


class _PrivateFile(logging.FileHandler):
    """A log file of mode 0600 that is not a symbolic link. Errors such as a full disk are ignored."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.baseFilename, flags, 0o600)
        os.fchmod(descriptor, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Ignore the error: a lost log line must not affect the screen or the run."""

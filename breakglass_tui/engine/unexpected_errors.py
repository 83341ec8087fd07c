"""Converts unexpected exceptions to problems for the operator."""

from __future__ import annotations

import errno
import logging
import os

from breakglass_tui.directories import repair
from breakglass_tui.domain.problems import Problem

LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT)
"""The errors of open files and disk space that are at a limit (errno(3))."""
log = logging.getLogger(__name__)


def as_problem(error: BaseException) -> Problem:
    """Return ``error`` if it is a ``Problem``.

    Otherwise, log it and return a problem with its type and its place in the code. If the machine is at a limit, which
    is no defect of this program, the problem names the limit.

    The message of the exception is left out, because it can contain a secret.
    """
    if isinstance(error, Problem):
        return error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else "an unknown place"
    log.error("unexpected %s at %s", type(error).__name__, place)
    if isinstance(error, OSError) and error.errno in LIMITS:
        why = f"The system reports: {os.strerror(error.errno)} ({place})."
        return Problem("A limit of this machine stopped the program.", why=why, next=repair(error, "try again"))
    return Problem(
        "An unexpected error occurred in this program.",
        why=f"{type(error).__name__} at {place}.",
        next="Report it with this line. The line contains no secret.",
    )

"""What becomes of an exception nobody planned for."""

from __future__ import annotations

import logging

from breakglass_tui.domain.problems import Problem

log = logging.getLogger(__name__)


def as_problem(error: BaseException) -> Problem:
    """``error`` itself if it is a problem, else one that names its type only: its text could hold a secret."""
    if isinstance(error, Problem):
        return error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else "an unknown place"
    log.error("unexpected %s at %s", type(error).__name__, place)
    return Problem(
        "Something unexpected happened inside this program.",
        why=f"{type(error).__name__} at {place}.",
        next="Please report it with that line; nothing secret is in it.",
    )

"""Formats exceptions as stack traces without values.

The message and the arguments of an unexpected exception can contain a secret. Its type and its places in the code
cannot.
"""

from __future__ import annotations

from types import TracebackType

PARTS = 3
"""How many parts at the end of a file's path are shown."""


def outline(error: BaseException) -> list[str]:
    """Return the lines of a stack trace: the type of ``error``, each place it passed, then the same for its causes."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.append(f"caused by {type(one).__name__}" if lines else type(one).__name__)
        lines += _places(one.__traceback__)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return lines


def _places(trace: TracebackType | None) -> list[str]:
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        file = "/".join(code.co_filename.split("/")[-PARTS:])
        places.append(f"  at {file}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return places

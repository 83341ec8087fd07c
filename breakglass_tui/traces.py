"""Where an exception came from, and nothing of what it was about.

The text and the arguments of an exception nobody planned for may hold a secret; its type and places never do.
"""

from __future__ import annotations

from types import TracebackType

PARTS = 3
"""As many of a file's path as say where it is."""


def outline(error: BaseException) -> list[str]:
    """A line with the type of ``error`` and one per place it passed, then the same for what caused it."""
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

"""Secret: a text that is not shown by accident."""

from __future__ import annotations

from typing import NoReturn

MASK = "••••••••"


class Secret:
    """A string whose ``str``, ``repr`` and ``format`` are masked.

    It cannot be pickled or copied, or compared by content.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself: to encrypt it, to send it in its request, or to show it on demand."""
        return self._text

    def wipe(self) -> None:
        """Drop the text, so that ``reveal`` returns an empty string. Python cannot erase the text from memory."""
        self._text = ""

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")

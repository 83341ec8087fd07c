"""Secret: text that never shows itself by accident."""

from __future__ import annotations

from typing import NoReturn

MASK = "••••••••"


class Secret:
    """A string whose str, repr, format and pickle give nothing away; equality is not offered either."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text in the clear: for sealing, for the request that needs it, and for the operator's eyes."""
        return self._text

    def wipe(self) -> None:
        """Drop the text. Python cannot erase it from memory; it can stop handing it out."""
        self._text = ""

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")

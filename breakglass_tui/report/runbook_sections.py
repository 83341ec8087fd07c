"""The sections and lines of a runbook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunbookLine:
    """One fact or one step. ``command`` is the command or the address to type, or empty.

    A ``remedy`` clears the fact before it. It is for the time before an emergency, so it is not printed.
    """

    text: str
    command: str = ""
    remedy: bool = False


@dataclass(frozen=True, slots=True)
class RunbookSection:
    """An ordered group of lines. ``numbered`` lines are done one after the other."""

    title: str
    lines: tuple[RunbookLine, ...]
    numbered: bool = False

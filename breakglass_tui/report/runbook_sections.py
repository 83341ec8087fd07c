"""The data types of a runbook: sections and lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunbookLine:
    """One fact or one step of a runbook. ``command`` is a command or an address to type, or empty.

    ``remedy`` means that the line clears the fact before it. Such lines are not printed, because they are of no use in
    an emergency.
    """

    text: str
    command: str = ""
    remedy: bool = False


@dataclass(frozen=True, slots=True)
class RunbookSection:
    """A titled section of a runbook. ``numbered`` means that the lines are steps, to be done in order."""

    title: str
    lines: tuple[RunbookLine, ...]
    numbered: bool = False

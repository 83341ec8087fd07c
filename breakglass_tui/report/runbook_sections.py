"""What a runbook is made of: sections of lines, each with a command to type or without."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunbookLine:
    """One thing to know or to do; ``command`` is what to type for it."""

    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class RunbookSection:
    """Lines in their order; ``numbered`` if they are done one after the other."""

    title: str
    lines: tuple[RunbookLine, ...]
    numbered: bool = False

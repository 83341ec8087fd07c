"""Narrator: every event of a run or a validation as one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain.sentences import sentence
from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST


class EventPrinter:
    """Writes a line per event, each with the time since the first one and whom it is about."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._began: datetime | None = None

    def print(self, event: e.Event) -> None:
        """Say what happened, unless it is not worth a line."""
        self._began = self._began or event.at
        said = sentence(event)
        if said:
            who, what = said
            elapsed = (event.at - self._began).total_seconds()
            self._write(show(f"{elapsed:7.1f} s  {who:<17} {what}".rstrip(), LONGEST))

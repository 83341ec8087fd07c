"""Prints a validation, one line for each check."""

from __future__ import annotations

from breakglass_tui.domain import events as e
from breakglass_tui.domain.text import show
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.report.markdown import LONGEST


class CheckPrinter(EventPrinter):
    """Prints the status, the id and the finding of each check, and of the calls only those that wait."""

    def print(self, event: e.Event) -> None:
        """Print ``event``, unless it is not worth a line."""
        match event:
            case e.CheckFinished(result=result):
                self._write(f"{result.status.upper()} {result.id} {show(result.found, LONGEST)}".rstrip())
            case e.CallDelayed():
                super().print(event)
            case _:
                pass

"""``CheckPrinter``, which prints a validation as one line for each check."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.text import show
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.report.markdown import LONGEST


class CheckPrinter(EventPrinter):
    """Prints the status, id and finding of each check. Of the calls it prints only those that are delayed.

    Skipped checks are printed at the end. Those that were skipped for the same reason share one line.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__(write)
        self._skipped: dict[str, list[str]] = {}

    def print(self, event: e.Event) -> None:
        """Print ``event`` if it ends a check or delays a call."""
        match event:
            case e.CheckFinished(result=result) if result.status is CheckStatus.SKIP:
                self._skipped.setdefault(result.found, []).append(result.id)
            case e.CheckFinished(result=result):
                self._print_result(result.status, result.id, result.found)
            case e.CallDelayed():
                super().print(event)
            case e.RunFinished():
                for found, ids in self._skipped.items():
                    self._print_result(CheckStatus.SKIP, ", ".join(ids), found)
            case _:
                pass

    def _print_result(self, status: CheckStatus, ids: str, found: str) -> None:
        self._write(show(f"{status.upper():<4}  {ids:<16}  {found}".rstrip(), LONGEST))

"""``EventPrinter``, which prints the events of a run or a validation, one line for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.sentences import event_line, sentence

REMOVALS = ("Delete", "Deactivate", "Remove", "Detach", "Update")
"""The first words of IAM operations that remove something. A trust statement is removed by an Update."""
NOT_FOUND = "UNDONE: not found in AWS"


class EventPrinter:
    """Prints a line for each event: the seconds since the first event, the step or check, and what happened.

    ``removed`` and ``not_found`` are the ids of steps that were undone. A step is in ``removed`` only if one of its
    calls removed something.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._first_at: datetime | None = None
        self._undoing: set[str] = set()
        self._removing: set[str] = set()
        self.removed: list[str] = []
        self.not_found: list[str] = []

    def print(self, event: e.Event) -> None:
        """Print ``event`` if it has a text."""
        self._first_at = self._first_at or event.at
        line = self._undone(event) or sentence(event)
        if line:
            self._write(event_line((event.at - self._first_at).total_seconds(), *line))

    def _undone(self, event: e.Event) -> tuple[str, str] | None:
        """Record what an undo removes, for ``removed`` and ``not_found``.

        Return the step id and the text of the line for a step that had nothing to remove, or None for any other event.
        """
        match event:
            case e.StepUndoing(step=step):
                self._undoing.add(step)
            case e.CallFinished(source=e.CallSource.STEP, id=step, call=Call(operation=operation, error="")):
                if step in self._undoing and operation.partition(":")[2].startswith(REMOVALS):
                    self._removing.add(step)
            case e.StepUndone(step=step, left=None) if step in self._removing or step not in self._undoing:
                self.removed.append(step)
            case e.StepUndone(step=step, left=None):
                self.not_found.append(step)
                return step, NOT_FOUND
            case _:
                pass
        return None

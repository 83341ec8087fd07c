"""LogLines: the text of the log, one line per event. This module uses no widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from breakglass_tui.domain.events import Event


@dataclass(eq=False, repr=False)
class LogLines:
    """The lines of the log of a run and its validation.

    Each line has the seconds since the first event, the id of the step or check, and what happened.
    """

    lines: list[str] = field(default_factory=list)
    _first_at: datetime | None = None

    def take(self, event: Event) -> None:
        """Append the line of ``event``, if this kind of event has one.

        The line of a finished call ends with its request id.
        """
        from breakglass_tui.domain.events import CallFinished
        from breakglass_tui.domain.sentences import event_line, sentence

        self._first_at = self._first_at or event.at
        line = sentence(event)
        if line is None:
            return
        subject, text = line
        if isinstance(event, CallFinished) and event.call.request_id:
            text = f"{text}  {event.call.request_id}"
        self.lines.append(event_line((event.at - self._first_at).total_seconds(), subject, text))

"""LogLines: the text of the log, one line per event. This module uses no widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from breakglass_tui.domain.events import Event


LONGEST = 2000
"""The largest number of characters in a line. The three sentences of a ``Problem`` fit."""


@dataclass(eq=False, repr=False)
class LogLines:
    """The lines of the log of a run and its validation.

    Each line has the seconds since the first event, the id of the step or check, and what happened.
    """

    lines: list[str] = field(default_factory=list)
    _began: datetime | None = None

    def take(self, event: Event) -> None:
        """Append the line of ``event``, if this kind of event has one.

        The line of a finished call ends with its request id.
        """
        from breakglass_tui.domain.events import CallFinished
        from breakglass_tui.domain.sentences import sentence
        from breakglass_tui.domain.text import show

        self._began = self._began or event.at
        said = sentence(event)
        if said is None:
            return
        who, what = said
        if isinstance(event, CallFinished) and event.call.request_id:
            what = f"{what}  {event.call.request_id}"
        elapsed = (event.at - self._began).total_seconds()
        self.lines.append(show(f"{elapsed:6.1f} s  {who:<17} {what}".rstrip(), LONGEST))

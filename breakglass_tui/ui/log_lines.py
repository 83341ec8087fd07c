"""LogLines: the log of a run and its validation, one line per event. It knows no widgets.

It is loaded before the first paint, so modules that take time to import are imported when they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from breakglass_tui.domain.events import Event


LONGEST = 2000
"""Characters of a line. A problem with its three sentences fits."""


@dataclass(eq=False, repr=False)
class LogLines:
    """Lines in the order of the events, each with the seconds since the first one and the id of its step or check."""

    lines: list[str] = field(default_factory=list)
    _began: datetime | None = None

    def take(self, event: Event) -> None:
        """Add the line of ``event``, if it has one. The line of a call ends with its request id."""
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

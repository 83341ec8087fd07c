"""LogLines: what has happened in a run and its validation, a line each; no widgets.

It is there before the first paint: whatever costs time to import is imported when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from breakglass_tui.domain.events import Event


LONGEST = 2000
"""Characters of a line; a problem with its three sentences fits."""


@dataclass(eq=False, repr=False)
class LogLines:
    """Lines in the order of the events, each with the seconds since the first one and whom it is about."""

    lines: list[str] = field(default_factory=list)
    _began: datetime | None = None

    def take(self, event: Event) -> None:
        """Add a line, unless the event is not worth one. A call has its request id with it."""
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

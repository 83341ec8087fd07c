"""SessionApp: the base of the App. It has the session, and the signals that publish changes.

The parts of the App find message handlers by the names of their methods, not by ``@on``. So the message classes can be
imported after the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.signal import Signal

from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.shell.part import Part

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event
    from breakglass_tui.engine.cloud import Cloud
    from breakglass_tui.ui.messages import Exported, Inspected, SignerWaits
    from breakglass_tui.ui.proof import Visit


class SessionApp(Part):
    """App mixin with the session and its signals.

    ``connect`` returns the ``Cloud`` of the account. It is called in a thread and may raise ``Problem``. Envelopes and
    reports are written below ``directory``, journals below ``journals``.
    """

    def __init__(
        self, connect: Callable[[], Cloud], *, demo: bool, directory: Path, journals: Path, clock: Clock | None = None
    ) -> None:
        super().__init__()
        self.session = Session(connect, directory, journals, clock or SystemClock(), demo, Draft())
        self.account_changed: Signal[None] = Signal(self, "account-changed")
        self.past_changed: Signal[None] = Signal(self, "past-changed")
        self.preflight_changed: Signal[Event | None] = Signal(self, "preflight-changed")
        self.run_events: Signal[Event] = Signal(self, "run-events")
        self.check_events: Signal[Inspected] = Signal(self, "check-events")
        self.signer_waits: Signal[SignerWaits] = Signal(self, "signer-waits")
        self.exported: Signal[Exported] = Signal(self, "exported")

    @property
    def phase(self) -> Phase | None:
        """The phase of the current screen, or of the screen below a dialog. None before there is a screen."""
        for screen in reversed(self.screen_stack):
            phase = getattr(screen, "PHASE", None)
            if isinstance(phase, Phase):
                return phase
        return None

    def move(self, origin: Phase, to: Phase, visit: Visit | None = None) -> None:
        """Request a move from the phase ``origin`` to the phase ``to``.

        With ``visit``, it leads to this validation of a user that no run of this session created. The notices of the
        phase ``origin`` disappear.
        """
        from breakglass_tui.ui.messages import Move

        self.clear_notifications()
        self.post_message(Move(origin, to, visit))

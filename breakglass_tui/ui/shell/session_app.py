"""SessionApp: the part of the App that the screens of every phase use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.signal import Signal
from textual.worker import Worker

from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.app_mixin import AppMixin
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation


class SessionApp(AppMixin):
    """App mixin with the session, the moves between phases, notifications, help and threads.

    ``session`` is what the screens share. ``account_changed`` is published when something else is known about the
    account. ``keys`` is the operator's own table of keys: comma-separated keys by binding id.
    """

    keys: Mapping[str, str] = {}

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.account_changed: Signal[None] = Signal(self, "account-changed")

    def ticks(self) -> float:
        """Return the monotonic time of the session's clock, in seconds. Tests use a clock that they control."""
        return self.session.clock.ticks()

    @property
    def phase(self) -> Phase | None:
        """The phase of the current screen, or of the screen below a dialog. None before there is a screen."""
        for screen in reversed(self.screen_stack):
            phase = getattr(screen, "PHASE", None)
            if isinstance(phase, Phase):
                return phase
        return None

    def move(self, origin: Phase, to: Phase, user_validation: UserValidation | None = None) -> None:
        """Request a move from the phase ``origin`` to the phase ``to``.

        With ``user_validation``, it leads to this validation of a user that no run of this session created.
        """
        raise NotImplementedError

    def load_styles(self) -> None:
        """Load the style sheets that the first paint does not need. Later calls do nothing."""
        raise NotImplementedError

    def tell(self, text: str, *, failed: bool = False) -> None:
        """Show ``text`` as a notification that replaces the one before. It may contain text from outside."""
        self.clear_notifications()
        self.notify(show(text), severity="error" if failed else "information", markup=False)

    def explain(self, title: str, text: str) -> None:
        """Open the help with ``title`` and ``text``, followed by the ids and keys of the current screen's actions."""
        raise NotImplementedError

    def start_thread(self, work: Callable[[], object], group: str) -> Worker[object]:
        """Run ``work`` in a thread. ``group`` names what it does, so that the App can ask whether that is active."""
        return self.run_worker(work, group=group, description=group, exit_on_error=False, thread=True)

    def is_active(self, group: str) -> bool:
        """Return whether a thread of ``group`` is running."""
        return any(worker.group == group and worker.is_running for worker in self.workers)

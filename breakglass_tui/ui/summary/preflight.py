"""PreflightController: runs the preflight checks of the plan in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.signal import Signal

from breakglass_tui.domain.events import CheckFinished, Event
from breakglass_tui.ui.shell.session_app import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup


class PreflightController:
    """Runs the preflight checks, and keeps their results in ``RunState``.

    ``changed`` is published with each event of the checks, and with None when they have ended.
    """

    def __init__(self, app: SessionApp) -> None:
        self._app = app
        self.changed: Signal[Event | None] = Signal(app, "preflight-changed")

    def start(self) -> bool:
        """Start the preflight checks. Return False if they are running already or there is no plan."""
        run = self._app.session.run
        setup = run.setup
        if run.prechecking or setup is None:
            return False
        run.prechecking = True
        run.preflight.clear()
        self._app.start_thread(lambda: self._check(setup), "preflight")
        return True

    def _check(self, setup: Setup) -> None:
        from breakglass_tui.engine.check_runner import CheckRunner
        from breakglass_tui.engine.compose import preflight_checks

        session, post = self._app.session, self._app.call_later
        assert session.connection.cloud is not None
        try:
            checks = preflight_checks(session.connection.cloud, setup, session.journals.store)
            for event in CheckRunner(checks, session.clock).events():
                post(self._checked, setup, event)
        finally:
            post(self._checked, setup, None)

    def _checked(self, setup: Setup, event: Event | None) -> None:

        run = self._app.session.run
        if run.setup is not setup:
            return  # the request was changed meanwhile
        if event is None:
            run.prechecking = False
        elif isinstance(event, CheckFinished):
            run.preflight[event.result.id] = event.result
        self.changed.publish(event)

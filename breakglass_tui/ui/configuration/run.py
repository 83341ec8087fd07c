"""RunController: runs the plan in a thread, passes answers to it, and stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.signal import Signal

from breakglass_tui.domain.events import Event
from breakglass_tui.domain.questions import Answer
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.run_state import RunState

if TYPE_CHECKING:
    from breakglass_tui.engine.run import AfterStop, Run


class RunController:
    """Runs the plan of the session. A session has at most one run. ``events`` is published with each event of it."""

    def __init__(self, app: SessionApp) -> None:
        self._app = app
        self.events: Signal[Event] = Signal(app, "run-events")

    @property
    def _run(self) -> RunState:
        return self._app.session.run

    def start(self) -> bool:
        """Start the run of the plan. Return False if the session already has a run or there is no plan."""
        session = self._app.session
        setup, cloud = self._run.setup, session.connection.cloud
        if self._run.engine is not None or setup is None or cloud is None:
            return False
        from breakglass_tui.engine.compose import new_run

        self._run.engine = new_run(cloud, setup, session.journals.store, session.clock)
        self.start_thread()
        return True

    def start_thread(self) -> None:
        """Start the thread of the session's run, which is new or prepared to be resumed."""
        engine = self._run.engine
        if engine is not None:
            self._app.start_thread(lambda: self._carry_out(engine), "run")

    def _carry_out(self, engine: Run) -> None:
        for event in engine.events():
            self._app.call_later(self._progressed, event)

    def _progressed(self, event: Event) -> None:
        self._run.record.apply(event)
        self._run.validation.log.take(event)
        self.events.publish(event)

    def answer(self, number: int, answer: Answer) -> None:
        """Pass ``answer`` to the step that asked the question with this number."""
        if self._run.engine is not None:
            self._run.engine.answer(number, answer)

    def stop(self, after: AfterStop) -> None:
        """Stop the run after its current calls. ``after`` says whether to undo it or to keep its resources."""
        if self._run.engine is not None:
            self._run.stopping = after
            self._run.engine.stop(after)

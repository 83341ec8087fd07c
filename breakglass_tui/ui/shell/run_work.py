"""RunWork: the part of the App that makes the plan, runs the preflight checks, and runs and stops the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.problems import FieldError
    from breakglass_tui.domain.questions import Answer
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.run import AfterStop
    from breakglass_tui.ui import messages as m


class RunWork(SessionApp):
    """App mixin for the plan and its run. It publishes ``preflight_changed`` and ``run_events``.

    A session has at most one run.
    """

    def review(self) -> tuple[FieldError, ...]:
        """Make the plan from the draft and return an empty tuple. If the draft is invalid, return its errors.

        Raises:
            Problem: no plan can be made.
        """
        from breakglass_tui.ui.review import review

        errors = review(self.session)
        if not errors:
            self.session.preflight.clear()
            self.session.prechecking = False
        return errors

    def start_preflight(self) -> bool:
        """Start the preflight checks. Return False if they are running already or there is no plan."""
        if self.session.prechecking or self.session.setup is None:
            return False
        self.session.prechecking = True
        self.session.preflight.clear()
        self._preflight(self.session.setup)
        return True

    @work(thread=True, group="preflight", exit_on_error=False, description="preflight")
    def _preflight(self, setup: Setup) -> None:
        from breakglass_tui.ui.threads import preflight

        preflight(self.session, setup, self.post_message)

    def _on_prechecked(self, message: m.Prechecked) -> None:
        from breakglass_tui.domain.events import CheckFinished

        if self.session.setup is None or message.run_id != self.session.setup.run_id:
            return  # the request was changed meanwhile
        if message.event is None:
            self.session.prechecking = False
        elif isinstance(message.event, CheckFinished):
            self.session.preflight[message.event.result.id] = message.event.result
        self.preflight_changed.publish(message.event)

    def start_run(self) -> bool:
        """Start the run. Return False if the session already has a run or there is no plan."""
        if self.session.run is not None or self.session.setup is None:
            return False
        from breakglass_tui.ui.threads import new_run

        self.session.run = new_run(self.session)
        self._run_plan()
        return True

    @work(thread=True, group="run", exit_on_error=False, description="run")
    def _run_plan(self) -> None:
        from breakglass_tui.ui.threads import run

        run(self.session, self.post_message)

    def _on_progressed(self, message: m.Progressed) -> None:
        self.session.record.apply(message.event)
        self.session.proof.log.take(message.event)
        self.run_events.publish(message.event)

    def answer(self, number: int, answer: Answer) -> None:
        """Pass ``answer`` to the step that asked the question with this number."""
        if self.session.run is not None:
            self.session.run.answer(number, answer)

    def stop_run(self, after: AfterStop) -> None:
        """Stop the run after its current calls. ``after`` says whether to undo it or to keep its resources."""
        if self.session.run is not None:
            self.session.stopping = after
            self.session.run.stop(after)

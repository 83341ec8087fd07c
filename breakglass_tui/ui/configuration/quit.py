"""QuitController: ends the App on request, on a signal, or with its terminal. An active run is stopped first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain.events import Event, RunFinished, RunStatus
from breakglass_tui.ui.configuration.run import RunController
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.run_state import RunState

if TYPE_CHECKING:
    from breakglass_tui.engine.run import AfterStop


class QuitController:
    """Quits: it asks what to do with an active run, and exits with the published exit code."""

    def __init__(self, app: SessionApp, run: RunController) -> None:
        self._app, self._controller = app, run
        self._quitting = False

    @property
    def _run(self) -> RunState:
        return self._app.session.run

    def quit(self) -> None:
        """Quit. If a run is active, ask what to do with it first."""
        if self._run.running:
            self._ask_to_stop(quitting=True)
        else:
            self._exit_with_code()

    def ask_to_stop(self) -> None:
        """Ask whether to stop the active run, without quitting."""
        if self._run.running:
            self._ask_to_stop(quitting=False)

    def _ask_to_stop(self, *, quitting: bool) -> None:
        from breakglass_tui.ui.configuration.stop_dialog import StopDialog

        if self._run.removing:
            self._while_removing(quitting=quitting)
        elif self._run.ending:
            self._quitting = self._quitting or quitting
            self._app.tell("The run is stopping already." + (" The program ends with it." if quitting else ""))
        elif not isinstance(self._app.screen, StopDialog):
            dialog = StopDialog(self._app.session, self._controller.events, quitting=quitting)
            self._app.push_screen(dialog, self._stop_chosen)

    def _while_removing(self, *, quitting: bool) -> None:
        """Say that an undo is in progress, and let it finish.

        If the operator quits twice, stop it, to be resumed later.
        """
        if quitting and self._quitting:
            self._controller.stop("keep")
            self._app.tell("The program ends after the current call. Remove the rest later.")
            return
        self._quitting = self._quitting or quitting
        ends = " The program ends after that. Press ctrl+q again to end it now." if quitting else ""
        self._app.tell(f"The resources of this run are being removed.{ends}")

    def _stop_chosen(self, choice: tuple[AfterStop, bool] | None) -> None:
        if choice is None:
            return
        after, quitting = choice
        self._quitting = quitting
        if self._run.running:
            self._controller.stop(after)
        elif quitting:
            self._exit_with_code()

    def _exit_with_code(self) -> None:
        from breakglass_tui.ui.configuration.exit_code import exit_code

        self._app.exit(return_code=exit_code(self._app.session))

    def app_ends(self) -> None:
        """Stop an active run when the app ends, and keep its resources. Another process can resume it."""
        if self._run.running:
            self._controller.stop("keep")

    def on_signal(self, return_code: int) -> None:
        """Exit after a signal. An active run first finishes its current call, and can be resumed later.

        ``return_code`` is used only if no run is active and none was left unfinished.
        """
        if self._run.running:
            self._quitting = True
            self._controller.stop("keep")
        elif self._run.record.status is RunStatus.INCOMPLETE:
            self._exit_with_code()
        else:
            self._app.exit(return_code=return_code)

    def after_run(self, event: Event) -> None:
        """Exit at the end of the run, if the operator has quit."""
        if isinstance(event, RunFinished) and self._quitting:
            self._exit_with_code()

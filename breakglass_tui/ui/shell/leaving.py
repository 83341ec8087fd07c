"""Leaving: ends the App on request, on a signal, or with its terminal. An active run is stopped first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.run_work import RunWork

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event
    from breakglass_tui.engine.run import AfterStop


class Leaving(RunWork):
    """App mixin that quits: it asks what to do with an active run, and exits with the published exit code."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._quitting = False

    def on_mount(self) -> None:
        """Subscribe to the events of the run, to exit after it has ended."""
        self.run_events.subscribe(self, self._exit_with_run)

    async def action_quit(self) -> None:
        """Quit. If a run is active, ask what to do with it first."""
        if self.session.running:
            self._ask_to_stop(quitting=True)
        else:
            self._exit_with_code()

    def ask_to_stop(self) -> None:
        """Ask whether to stop the active run, without quitting."""
        if self.session.running:
            self._ask_to_stop(quitting=False)

    def _ask_to_stop(self, *, quitting: bool) -> None:
        from breakglass_tui.ui.dialogs.stop import StopDialog

        if self.session.removing:
            self._while_removing(quitting=quitting)
        elif self.session.ending:
            self._quitting = self._quitting or quitting
            self.tell("The run is stopping already." + (" The program ends with it." if quitting else ""))
        elif not isinstance(self.screen, StopDialog):
            self.push_screen(StopDialog(self.session, quitting=quitting), self._stop_chosen)

    def _while_removing(self, *, quitting: bool) -> None:
        """Say that an undo is in progress, and let it finish.

        If the operator quits twice, stop it, to be resumed later.
        """
        if quitting and self._quitting:
            self.stop_run("keep")
            self.tell("The program ends after the current call. Remove the rest later.")
            return
        self._quitting = self._quitting or quitting
        ends = " The program ends after that. Press ctrl+q again to end it now." if quitting else ""
        self.tell(f"The resources of this run are being removed.{ends}")

    def _stop_chosen(self, choice: tuple[AfterStop, bool] | None) -> None:
        if choice is None:
            return
        after, quitting = choice
        self._quitting = quitting
        if self.session.running:
            self.stop_run(after)
        elif quitting:
            self._exit_with_code()

    def _exit_with_code(self) -> None:
        from breakglass_tui.ui.exits import exit_code

        self.exit(return_code=exit_code(self.session))

    def on_unmount(self) -> None:
        """Stop an active run when the app ends, and keep its resources. Another process can resume it."""
        if self.session.running:
            self.stop_run("keep")

    def leave_on_signal(self, return_code: int) -> None:
        """Exit after a signal. An active run first finishes its current call, and can be resumed later.

        ``return_code`` is used only if no run is active and none was left unfinished.
        """
        from breakglass_tui.domain.events import RunStatus

        if self.session.running:
            self._quitting = True
            self.stop_run("keep")
        elif self.session.record.status is RunStatus.INCOMPLETE:
            self._exit_with_code()
        else:
            self.exit(return_code=return_code)

    def _exit_with_run(self, event: Event) -> None:
        from breakglass_tui.domain.events import RunFinished

        if isinstance(event, RunFinished) and self._quitting:
            self._exit_with_code()

    def tell(self, text: str, *, failed: bool = False) -> None:
        """Show ``text`` as a notification that replaces the one before. It may contain text from outside."""
        self.clear_notifications()
        self.notify(show(text), severity="error" if failed else "information", markup=False)

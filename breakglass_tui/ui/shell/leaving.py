"""How the App ends: by the operator, by a signal, or with its terminal; never with a run under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.run_work import RunWork

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event
    from breakglass_tui.engine.run import After


class Leaving(RunWork):
    """Asks what shall become of a run, and exits with the published code."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._quitting = False

    def on_mount(self) -> None:
        """Follow the run."""
        self.run_events.subscribe(self, self._exit_with_run)

    async def action_quit(self) -> None:
        """Quit; while a run is under way, ask what shall become of it."""
        if self.session.running:
            self._ask_to_stop(quitting=True)
        else:
            self._exit_with_code()

    def ask_to_stop(self) -> None:
        """Ask whether to stop the run, without quitting."""
        if self.session.running:
            self._ask_to_stop(quitting=False)

    def _ask_to_stop(self, *, quitting: bool) -> None:
        from breakglass_tui.ui.dialogs.stop import StopDialog

        if self.session.removing:
            self._while_removing(quitting=quitting)
        elif self.session.ending:
            self._quitting = self._quitting or quitting
            self.tell("The run is stopping already" + ("; the program ends with it." if quitting else "."))
        elif not isinstance(self.screen, StopDialog):
            self.push_screen(StopDialog(self.session, quitting=quitting), self._stop_chosen)

    def _while_removing(self, *, quitting: bool) -> None:
        """A removal goes on to its end, unless somebody who quits does so twice: it can be gone on with later."""
        if quitting and self._quitting:
            self.stop_run("keep")
            self.tell("Ending after the call in flight; what is left can be removed later.")
            return
        self._quitting = self._quitting or quitting
        ends = "; the program ends with it. ctrl+q once more ends it sooner" if quitting else ""
        self.tell(f"What this run made is being removed{ends}.")

    def _stop_chosen(self, choice: tuple[After, bool] | None) -> None:
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
        """However the app ends, a run does not go on without it: another process can."""
        if self.session.running:
            self.stop_run("keep")

    def leave_on_signal(self, return_code: int) -> None:
        """A signal came: let the call in flight end and be recorded, then exit; what was made can be gone on with."""
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
        """A short notice in place of the one before; foreign text is shown as text."""
        self.clear_notifications()
        self.notify(show(text), severity="error" if failed else "information", markup=False)

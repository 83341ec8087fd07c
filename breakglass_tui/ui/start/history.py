"""HistoryController: reads the run history in a thread, resumes unfinished runs, and starts new sessions."""

from __future__ import annotations

from collections.abc import Callable

from textual.signal import Signal

from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.run_history import ResumableRun, RunHistory
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.next_try import READS_AGAIN, said

UNREPORTED = (
    "{missing} Reports that are exported later do not contain the steps of this run.\n\n"
    "Continue opens the form for another user, without that report.\n"
    "Cancel changes nothing. Then you can export the report: press enter on {name}, then e."
)


class HistoryController:
    """Reads the run history, which publishes ``changed``.

    If unfinished runs are found after the operator has left the start screen, it shows a notice once. ``start_run``
    starts the thread of the session's run, and ``connect`` reads the account again.
    """

    def __init__(self, app: SessionApp, start_run: Callable[[], object], connect: Callable[[], object]) -> None:
        self._app, self._start_run, self._connect = app, start_run, connect
        self.changed: Signal[None] = Signal(app, "history-changed")
        self._read_before = False

    @property
    def _session(self) -> Session:
        return self._app.session

    def show_unfinished(self, run_id: str = "") -> None:
        """Read the run history, then open the list of unfinished runs at the run with ``run_id``."""
        if self._session.run.running:
            self._app.tell("A run is active. Open the others after it has ended.")
        elif self._session.connection.caller is None:
            self._app.tell("The account is not known yet.")
        else:
            self.read(run_id)

    def read(self, wanted: str | None = None) -> None:
        """Read the run history in a thread.

        If ``wanted`` is not None, the list of unfinished runs opens afterwards, at the run with this id.
        """
        session = self._session

        def read() -> None:
            from breakglass_tui.ui.start.history_reads import read_history

            self._app.call_later(self._was_read, read_history(session, opens=wanted is not None), wanted)

        self._app.start_thread(read, "history")

    def _was_read(self, history: RunHistory, wanted: str | None) -> None:
        first, self._read_before = not self._read_before, True
        self._session.journals.history = history
        self.changed.publish(None)
        if self._session.run.running:
            return
        at_start = self._app.phase is Phase.START
        if wanted is not None and history.problem is None:
            self._open_unfinished(history, wanted)
        elif history.problem is not None and (wanted is not None or not at_start):
            self._app.tell(f"{history.problem} At the start {said(READS_AGAIN)}", failed=True)
        elif first and not at_start and (history.runs or history.elsewhere):
            self._app.tell(_hint(len(history.runs), len(history.elsewhere)))

    def _open_unfinished(self, history: RunHistory, run_id: str) -> None:
        from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog

        if not any(isinstance(screen, UnfinishedDialog) for screen in self._app.screen_stack):
            dialog = UnfinishedDialog(self._session, history, run_id, read_again=self.show_unfinished)
            self._app.push_screen(dialog, self._resume)

    def _resume(self, resumable: ResumableRun | None) -> None:
        phase = self._app.phase
        if resumable is None or phase is None or self._session.run.running:
            return
        self._app.session = self._session.afresh()
        self._session.resume(resumable)
        self._start_run()
        self._app.move(phase, Phase.CONFIGURATION)

    def start_over(self) -> None:
        """Leave the run, which has ended, and go to the Assessment with a new session. Read the account again."""
        phase = self._app.phase
        if phase is not None and self._session.run.may_start_over:
            self._afresh(phase)

    def begin_new(self) -> None:
        """Go from the start to the Assessment. If a run has ended, use a new session. The journal of the run stays."""
        run = self._session.run
        if self._app.phase is not Phase.START or run.running:
            return
        if run.done and not run.validation.exported:
            self._ask_to_leave()
        elif run.began:
            self._afresh(Phase.START)
        else:
            self._app.move(Phase.START, Phase.ASSESSMENT)

    def _ask_to_leave(self) -> None:
        from breakglass_tui.ui.dialogs.confirm import ConfirmDialog

        run = self._session.run
        name = show(run.setup.request.user_name) if run.setup else ""
        old = f"The exported report of {name} is older than the first sign-in."
        missing = old if run.validation.outdated else f"The report of {name} is not exported."
        text = UNREPORTED.format(name=name, missing=missing)
        dialog = ConfirmDialog("Create another user without exporting the report?", text, yes="Continue")
        self._app.push_screen(dialog, lambda yes: self._afresh(Phase.START) if yes else None)

    def _afresh(self, phase: Phase) -> None:
        self._app.session = self._session.afresh()
        self._connect()
        self._app.move(phase, Phase.ASSESSMENT)


def _hint(here: int, elsewhere: int) -> str:
    counts = [(here, "of this account"), (elsewhere, "of other accounts")]
    listed = ", ".join(f"{count} {account}" for count, account in counts if count)
    return f"Unfinished runs: {listed}. To open them, press ctrl+p and choose Unfinished runs."

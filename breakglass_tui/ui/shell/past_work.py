"""PastWork: the part of the App that reads the run history, continues unfinished runs and starts new sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.next_try import READS_AGAIN, said
from breakglass_tui.ui.shell.account_work import AccountWork
from breakglass_tui.ui.shell.leaving import Leaving

if TYPE_CHECKING:
    from breakglass_tui.ui import messages as m
    from breakglass_tui.ui.past import Again, Past

UNREPORTED = (
    "{missing} Reports that are exported later do not contain the steps of this run.\n\n"
    "Continue opens the form for another user, without that report.\n"
    "Cancel changes nothing. Then you can export the report: press enter on {name}, then e."
)


class PastWork(AccountWork, Leaving):
    """App mixin for earlier runs. It publishes ``past_changed``.

    If unfinished runs are found after the operator has left the start screen, it shows a notice once.
    """

    _told = False

    def caller_known(self) -> None:
        """Read the run history, which depends on the account of the caller."""
        self.read_past()

    def show_unfinished(self, run_id: str = "") -> None:
        """Read the run history, then open the list of unfinished runs at the run with ``run_id``."""
        if self.session.running:
            self.tell("A run is active. Open the others after it has ended.")
        elif self.session.caller is None:
            self.tell("The account is not known yet.")
        else:
            self.read_past(run_id)

    @work(thread=True, group="past", exit_on_error=False, description="earlier runs")
    def read_past(self, wanted: str | None = None) -> None:
        """Read the run history in a thread.

        If ``wanted`` is not None, the list of unfinished runs opens afterwards, at the run with this id.
        """
        from breakglass_tui.ui.past import read_past

        read_past(self.session, self.post_message, wanted)

    def _on_past_read(self, message: m.PastRead) -> None:
        past, first = message.past, not self._told
        self.session.past, self._told = past, True
        self.past_changed.publish(None)
        if self.session.running:
            return
        at_start = self.phase is Phase.START
        if message.wanted is not None and past.problem is None:
            self._open_unfinished(past, message.wanted)
        elif past.problem is not None and (message.wanted is not None or not at_start):
            self.tell(f"{past.problem} At the start {said(READS_AGAIN)}", failed=True)
        elif first and not at_start and (past.runs or past.elsewhere):
            self.tell(_hint(len(past.runs), len(past.elsewhere)))

    def _open_unfinished(self, past: Past, run_id: str) -> None:
        from breakglass_tui.ui.dialogs.unfinished import UnfinishedDialog

        if not any(isinstance(screen, UnfinishedDialog) for screen in self.screen_stack):
            self.push_screen(UnfinishedDialog(self.session, past.runs, past.elsewhere, run_id), self._take_up)

    def _take_up(self, again: Again | None) -> None:
        phase = self.phase
        if again is None or phase is None or self.session.running:
            return
        self.session = self.session.afresh()
        self.session.take_up(again)
        self._run_plan()
        self.move(phase, Phase.CONFIGURATION)

    def start_over(self) -> None:
        """Leave the run, which has ended, and go to the Assessment with a new session. Read the account again."""
        phase = self.phase
        if phase is not None and self.session.may_start_over:
            self._afresh(phase)

    def begin_new(self) -> None:
        """Go from the start to the Assessment. If a run has ended, use a new session. The journal of the run stays."""
        if self.phase is not Phase.START or self.session.running:
            return
        if self.session.done and not self.session.exported:
            self._ask_to_leave()
        elif self.session.began:
            self._afresh(Phase.START)
        else:
            self.move(Phase.START, Phase.ASSESSMENT)

    def _ask_to_leave(self) -> None:
        from breakglass_tui.ui.dialogs.confirm import ConfirmDialog

        name = show(self.session.setup.request.user_name) if self.session.setup else ""
        old = f"The exported report of {name} is older than the first sign-in."
        missing = old if self.session.proof.outdated else f"The report of {name} is not exported."
        text = UNREPORTED.format(name=name, missing=missing)
        dialog = ConfirmDialog("Create another user without exporting the report?", text, yes="Continue")
        self.push_screen(dialog, lambda yes: self._afresh(Phase.START) if yes else None)

    def _afresh(self, phase: Phase) -> None:
        self.session = self.session.afresh()
        self._connect()
        self.move(phase, Phase.ASSESSMENT)


def _hint(here: int, elsewhere: int) -> str:
    counts = [(here, "of this account"), (elsewhere, "of other accounts")]
    listed = ", ".join(f"{count} {account}" for count, account in counts if count)
    return f"Unfinished runs: {listed}. To open them, press ctrl+p and choose Unfinished runs."

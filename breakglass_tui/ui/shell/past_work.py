"""The App's work on earlier runs: read the run history, open unfinished runs, leave a run."""

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
    "The report of this run has not been exported{since}. Later reports of this user do not contain the steps of the "
    "run. To export it now, choose No, press enter on the user, then press e."
)


class PastWork(AccountWork, Leaving):
    """Publishes ``past_changed``. If the start screen was left already, it announces unfinished runs once."""

    _told = False

    def caller_known(self) -> None:
        """Load the run history, because the caller is known now."""
        self.read_past()

    def show_unfinished(self, run_id: str = "") -> None:
        """Open the unfinished runs, at the one with ``run_id``."""
        if self.session.running:
            self.tell("A run is active. Open the others after it has ended.")
        elif self.session.caller is None:
            self.tell("The account is not known yet.")
        else:
            self.read_past(run_id)

    @work(thread=True, group="past", exit_on_error=False, description="earlier runs")
    def read_past(self, wanted: str | None = None) -> None:
        """Read the run history. If ``wanted`` is not None, open the unfinished runs then, at that run id."""
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
        """Leave a run that has ended, read the account again, and go to the assessment."""
        phase = self.phase
        if phase is not None and self.session.may_start_over:
            self._afresh(phase)

    def begin_new(self) -> None:
        """Go from the start to the assessment, with a new session if a run has ended. Its journal stays."""
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
        text = UNREPORTED.format(since=" since the first sign-in" if self.session.proof.outdated else "")
        dialog = ConfirmDialog(f"Continue without the report of {name}?", text)
        self.push_screen(dialog, lambda yes: self._afresh(Phase.START) if yes else None)

    def _afresh(self, phase: Phase) -> None:
        self.session = self.session.afresh()
        self._connect()
        self.move(phase, Phase.ASSESSMENT)


def _hint(here: int, elsewhere: int) -> str:
    counts = [(here, "of this account"), (elsewhere, "of other accounts")]
    listed = ", ".join(f"{count} {account}" for count, account in counts if count)
    return f"Unfinished runs: {listed}. To open them, press ctrl+p and choose Unfinished runs."

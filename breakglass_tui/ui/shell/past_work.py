"""The App's work on what earlier processes left: reading it, offering unfinished runs, leaving a run behind."""

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
    "The report of this run has not been written{since}. After this, its user can be validated at any time, but a "
    "report will not hold the steps of the run. To write it now: No, then enter on the user, then e."
)


class PastWork(AccountWork, Leaving):
    """Tells through ``past_changed``; somebody who has gone on already hears of unfinished runs once."""

    _told = False

    def caller_known(self) -> None:
        """Whose past it is, is known now."""
        self.read_past()

    def show_unfinished(self, run_id: str = "") -> None:
        """Open the unfinished runs, at the one of that id."""
        if self.session.running:
            self.tell("A run is under way; when it has ended, the others can be looked at.")
        elif self.session.caller is None:
            self.tell("The account is not known yet.")
        else:
            self.read_past(run_id)

    @work(thread=True, group="past", exit_on_error=False, description="earlier runs")
    def read_past(self, wanted: str | None = None) -> None:
        """Read what earlier processes left; with ``wanted`` its unfinished runs are shown then."""
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
        """Leave a run that has ended behind, for an assessment of the account as it is now."""
        phase = self.phase
        if phase is not None and self.session.may_start_over:
            self._afresh(phase)

    def begin_new(self) -> None:
        """From the start to the assessment; a run that has ended stays behind, with what is known of it on record."""
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
        told = UNREPORTED.format(since=" since the first sign-in" if self.session.proof.outdated else "")
        dialog = ConfirmDialog(f"Go on without the report of {name}?", told)
        self.push_screen(dialog, lambda yes: self._afresh(Phase.START) if yes else None)

    def _afresh(self, phase: Phase) -> None:
        self.session = self.session.afresh()
        self._connect()
        self.move(phase, Phase.ASSESSMENT)


def _hint(here: int, elsewhere: int) -> str:
    counts = [(here, "of this account"), (elsewhere, "of other accounts")]
    said = ", ".join(f"{count} {whose}" for count, whose in counts if count)
    return f"Unfinished runs: {said}. ctrl+p, then Unfinished runs."

"""The App's work on what earlier processes left unfinished: offering it, going on with it, leaving it behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.account_work import AccountWork
from breakglass_tui.ui.shell.leaving import Leaving

if TYPE_CHECKING:
    from breakglass_tui.ui.flow import Again


class PastWork(AccountWork, Leaving):
    """Offers unfinished runs once, when it is known whose account it is; later only when it is asked to."""

    _offered = False

    @on(m.Connected)
    def _offer(self) -> None:
        if not self._offered:
            self._offered = True
            self._read_unfinished(asked=False)

    def show_unfinished(self) -> None:
        """Open the list of unfinished runs."""
        if self.session.running:
            self.tell("A run is under way; when it has ended, the others can be looked at.")
        elif self.session.caller is None:
            self.tell("The account is not known yet.")
        else:
            self._read_unfinished(asked=True)

    @work(thread=True, group="past", exit_on_error=False, description="unfinished runs")
    def _read_unfinished(self, *, asked: bool) -> None:
        from breakglass_tui.ui.past import read_unfinished

        read_unfinished(self.session, self.post_message, asked=asked)

    @on(m.UnfinishedRead)
    def _unfinished_read(self, message: m.UnfinishedRead) -> None:
        if self.session.running:
            return
        if message.problem is not None:
            self.tell(str(message.problem), failed=True)
            return
        free = any(run.obstacle is None or run.past.problem for run in message.runs)
        if message.asked or (free and self._undisturbed()):
            self._open_unfinished(message)
        elif message.runs or message.elsewhere:
            self.tell(_hint(len(message.runs), len(message.elsewhere)))

    def _undisturbed(self) -> bool:
        """Whether the operator has not begun anything that a dialog would get into."""
        return self.phase is Phase.ASSESSMENT and len(self.screen_stack) == 1 and not self.session.draft.touched

    def _open_unfinished(self, message: m.UnfinishedRead) -> None:
        from breakglass_tui.ui.dialogs.unfinished import UnfinishedDialog

        if not any(isinstance(screen, UnfinishedDialog) for screen in self.screen_stack):
            self.push_screen(UnfinishedDialog(self.session, message.runs, message.elsewhere), self._take_up)

    def _take_up(self, again: Again | None) -> None:
        phase = self.phase
        if again is None or phase is None or self.session.running:
            return
        self.session = self.session.afresh()
        self.session.take_up(again)
        self._run_plan()
        self.post_message(m.Move(phase, Phase.CONFIGURATION))

    def start_over(self) -> None:
        """Leave a run that has ended behind, for an assessment of the account as it is now."""
        phase = self.phase
        if phase is None or not self.session.may_start_over:
            return
        self.session = self.session.afresh()
        self._connect()
        self.post_message(m.Move(phase, Phase.ASSESSMENT))


def _hint(here: int, elsewhere: int) -> str:
    counts = [(here, "of this account"), (elsewhere, "of other accounts")]
    said = ", ".join(f"{count} {whose}" for count, whose in counts if count)
    return f"Unfinished runs: {said}. ctrl+p, then Unfinished runs."

"""StartWork: the part of the App for the start screen. It returns to the start, and describes envelopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.past_work import PastWork
from breakglass_tui.ui.shell.visit_work import VisitWork

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, AccountList, User
    from breakglass_tui.ui import messages as m


class StartWork(PastWork, VisitWork):
    """App mixin for the start screen. On each return, it reads the lists of the start again."""

    def action_start(self) -> None:
        """Go to the start. The input is kept. If a run is active, say so instead."""
        phase = self.phase
        if self.session.running:
            self.tell("A run is active. After it has ended, f4 opens the start.")
        elif phase is not None and phase is not Phase.START and len(self.screen_stack) == 1:
            self.move(phase, Phase.START)

    def refresh_start(self) -> None:
        """Read the runs, verdicts and users of the start screen again. Before the caller is known, do nothing."""
        if self.session.caller is None:
            return
        self.read_past()
        if self.session.account is not None:
            self._read_users()
        elif not any(worker.group == "connect" and worker.is_running for worker in self.workers):
            self._connect()  # the account is not read yet if an earlier run was resumed

    @work(thread=True, group="users", exit_on_error=False, description="users")
    def _read_users(self) -> None:
        from breakglass_tui.ui.past import read_users

        read_users(self.session, self.post_message)

    def _on_users_read(self, message: m.UsersRead) -> None:
        if self.session.account is not None:
            self.session.account = _with_users(self.session.account, message.users)
            self.account_changed.publish(None)

    def validate_user(self, user_name: str) -> None:
        """Open the validation of the user ``user_name``.

        Refuse a name that IAM does not allow, because the name becomes part of a file path.
        """
        from breakglass_tui.domain import rules

        try:
            rules.user_name(user_name)
        except ValueError as error:
            self.tell(f"This user cannot be validated: {error}.", failed=True)
            return
        self._visit(user_name)

    def open_envelope(self) -> None:
        """Ask for the path of an envelope, then show what opens it."""
        from breakglass_tui.ui.dialogs.envelope_path import EnvelopePathDialog

        if len(self.screen_stack) == 1:
            self.push_screen(EnvelopePathDialog(), self._look_at)

    def _look_at(self, path: str | None) -> None:
        if path:
            self._see_envelope(path)

    @work(thread=True, group="envelope", exit_on_error=False, description="envelope")
    def _see_envelope(self, path: str) -> None:
        from breakglass_tui.ui.envelope_outside import outside
        from breakglass_tui.ui.messages import EnvelopeSeen

        self.post_message(EnvelopeSeen(outside(path, self.session.program, demo=self.session.demo)))

    def _on_envelope_seen(self, message: m.EnvelopeSeen) -> None:
        from breakglass_tui.ui.dialogs.envelope import EnvelopeDialog

        if len(self.screen_stack) == 1:
            self.push_screen(EnvelopeDialog(message.described))


def _with_users(account: Account, users: AccountList[User]) -> Account:
    from dataclasses import replace

    return replace(account, users=users)

"""VisitWork: the part of the App that lets the operator select any user of the account and validate it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.flow import Phase, may_visit
from breakglass_tui.ui.shell.leaving import Leaving

if TYPE_CHECKING:
    from breakglass_tui.ui import messages as m

TITLE = "Validate a user (read-only)"
VALIDATES = "Runs the checks on the user that you select, and shows the verdict. The checks only read."


class VisitWork(Leaving):
    """App mixin that opens the validation of any user of the account, unless a run is active."""

    def show_users(self) -> None:
        """Open the list of users. If they could not be listed, ask for the user name instead."""
        session = self.session
        listing = session.account.user_names if session.account else None
        if session.running:
            self.tell("A run is active. Validate a user after it has ended.")
        elif not may_visit(session):
            self.tell("The account is not known yet.")
        elif listing is None and self.phase in (Phase.START, Phase.ASSESSMENT):
            self.tell("The account is still being read. Validate a user when it is complete.")
        elif listing is None or not listing.verified:
            self._ask_for_name()
        else:
            self._offer_users(listing.items)

    def _offer_users(self, names: tuple[str, ...]) -> None:
        from breakglass_tui.ui.dialogs.picker import PickerDialog
        from breakglass_tui.ui.visits import user_items

        if not any(isinstance(screen, PickerDialog) for screen in self.screen_stack):
            dialog = PickerDialog(TITLE, user_items(names, self._own), (self._own,), does=VALIDATES)
            self.push_screen(dialog, lambda ids: self._visit(ids[0] if ids else None))

    def _ask_for_name(self) -> None:
        from breakglass_tui.ui.dialogs.user_name import UserNameDialog

        account = self.session.account
        problem = account.user_names.problem if account and account.user_names else None
        if not any(isinstance(screen, UserNameDialog) for screen in self.screen_stack):
            self.push_screen(UserNameDialog(TITLE, problem, self._own), self._visit)

    @property
    def _own(self) -> str:
        """The name of the user that this session's run created, or an empty string if there is none."""
        session = self.session
        return session.setup.request.user_name if session.done and session.setup else ""

    def _visit(self, user_name: str | None) -> None:
        phase = self.phase
        if not user_name or phase is None or not may_visit(self.session):
            return
        if user_name == self._own:
            self.move(phase, Phase.VALIDATION)  # the session has the record of the run that created this user
            return
        self._read_user(user_name, phase)

    @work(thread=True, group="past", exit_on_error=False, description="the run of a user")
    def _read_user(self, user_name: str, phase: Phase) -> None:
        from breakglass_tui.ui.visits import read_user

        read_user(self.session, user_name, phase, self.post_message)

    def _on_user_read(self, message: m.UserRead) -> None:
        from breakglass_tui.ui.visits import visit

        if self.phase is not message.origin or not may_visit(self.session):
            return
        # If another user is on the screen, keep its origin, so that escape does not lead to that user.
        shown, known = self.session.visit, message.known
        to = visit(self.session, known, shown.origin if shown else message.origin)
        self.move(message.origin, Phase.VALIDATION, to)
        if known.summary:
            self.tell(known.summary, failed=bool(known.problems))

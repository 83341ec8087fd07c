"""UserController: lets the operator select any user of the account, and opens the validation of that user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain import rules
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session

if TYPE_CHECKING:
    from breakglass_tui.engine.known_user import KnownUser

TITLE = "Validate a user (read-only)"
VALIDATES = "Runs the checks on the user that you select, and shows the verdict. The checks only read."


class UserController:
    """Opens the validation of any user of the account, unless a run is active."""

    def __init__(self, app: SessionApp) -> None:
        self._app = app

    @property
    def _session(self) -> Session:
        return self._app.session

    def show(self) -> None:
        """Open the list of users. If they could not be listed, ask for the user name instead."""
        session = self._session
        account = session.connection.account
        listing = account.user_names if account else None
        if session.run.running:
            self._app.tell("A run is active. Validate a user after it has ended.")
        elif not session.may_visit:
            self._app.tell("The account is not known yet.")
        elif listing is None and self._app.phase in (Phase.START, Phase.ASSESSMENT):
            self._app.tell("The account is still being read. Validate a user when it is complete.")
        elif listing is None or not listing.verified:
            self._ask_for_name()
        else:
            self._offer(listing.items)

    def validate(self, user_name: str) -> None:
        """Open the validation of the user ``user_name``.

        Refuse a name that IAM does not allow, because the name becomes part of a file path.
        """
        try:
            rules.user_name(user_name)
        except ValueError as error:
            self._app.tell(f"This user cannot be validated: {error}.", failed=True)
            return
        self._select(user_name)

    def _offer(self, names: tuple[str, ...]) -> None:
        from breakglass_tui.ui.dialogs.picker import PickerDialog
        from breakglass_tui.ui.validation.user_validation import user_items

        if not any(isinstance(screen, PickerDialog) for screen in self._app.screen_stack):
            dialog = PickerDialog(TITLE, user_items(names, self._own), (self._own,), does=VALIDATES)
            self._app.push_screen(dialog, lambda ids: self._select(ids[0] if ids else None))

    def _ask_for_name(self) -> None:
        from breakglass_tui.ui.validation.user_name_dialog import UserNameDialog

        account = self._session.connection.account
        problem = account.user_names.problem if account and account.user_names else None
        if not any(isinstance(screen, UserNameDialog) for screen in self._app.screen_stack):
            self._app.push_screen(UserNameDialog(TITLE, problem, self._own), self._select)

    @property
    def _own(self) -> str:
        """The name of the user that this session's run created, or an empty string if there is none."""
        run = self._session.run
        return run.setup.request.user_name if run.done and run.setup else ""

    def _select(self, user_name: str | None) -> None:
        phase = self._app.phase
        if not user_name or phase is None or not self._session.may_visit:
            return
        if user_name == self._own:
            self._app.move(phase, Phase.VALIDATION)  # the session has the record of the run that created this user
            return
        session = self._session

        def read() -> None:
            from breakglass_tui.ui.validation.user_validation import read_user

            self._app.call_later(self._open, read_user(session, user_name), phase)

        self._app.start_thread(read, "history")

    def _open(self, known: KnownUser, origin: Phase) -> None:
        from breakglass_tui.ui.validation.user_validation import user_validation

        if self._app.phase is not origin or not self._session.may_visit:
            return
        # If another user is on the screen, keep its origin, so that escape does not lead to that user.
        shown = self._session.user_validation
        to = user_validation(self._session, known, shown.origin if shown else origin)
        self._app.move(origin, Phase.VALIDATION, to)
        if known.summary:
            self._app.tell(known.summary, failed=bool(known.problems))

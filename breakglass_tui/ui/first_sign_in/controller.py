"""FirstSignInController: runs first sign-ins in a thread, and validates the user again after them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.signal import Signal

from breakglass_tui.domain.events import PermanentPasswordSealed
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.recovery_events import FirstSignInDone
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation
from breakglass_tui.ui.validation.controller import Checked, ValidationController

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.first_sign_in import FirstSignIn, SignInEvent
    from breakglass_tui.engine.stored_run import StoredRun
    from breakglass_tui.ui.first_sign_in.state import FirstSignInState

SEALS_WITH_IT = "The permanent password is sealed with it. Enter the same passphrase that the run has used before."
ENDING = "The previous first sign-in is still ending. Try again in a moment."


class FirstSignInController:
    """Runs first sign-ins, one at a time. ``changed`` is published with the state of a first sign-in.

    A first sign-in stops when the operator leaves its screen. ``show`` shows the screen of a first sign-in, or the
    Validation screen for None.
    """

    def __init__(
        self, app: SessionApp, checks: ValidationController, show: Callable[[FirstSignInState | None], object]
    ) -> None:
        self._app, self._checks, self._show = app, checks, show
        self.changed: Signal[FirstSignInState] = Signal(app, "first-sign-in-changed")
        self._state: FirstSignInState | None = None
        self._to_validate: Validation | None = None

    @property
    def in_progress(self) -> bool:
        """Whether a first sign-in has not ended."""
        return self._state is not None and not self._state.over

    @property
    def _session(self) -> Session:
        return self._app.session

    def open(self, validation: Validation) -> None:
        """Start the first sign-in of the user of ``validation``, and go to its screen.

        Ask for the passphrase if one is needed.
        """
        from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
        from breakglass_tui.ui.first_sign_in.state import wants_passphrase

        if self.is_open(validation):
            return  # a key pressed twice
        if self._state is not None and not self._state.over:
            self._app.tell(ENDING)
        elif wants_passphrase(self._session, validation):
            dialog = PassphraseDialog(f"The passphrase of {self._user_of(validation)}", SEALS_WITH_IT, new=False)
            self._app.push_screen(dialog, lambda given: self._begin(validation, given) if given else None)
        else:
            self._begin(validation)

    def is_open(self, validation: Validation) -> bool:
        """Return whether the first sign-in of the user of ``validation`` is active and on the screen."""
        state = self._state
        return state is not None and state.validation is validation and not (state.over or state.left)

    def close(self) -> None:
        """Go back to the validation. The operator can continue the first sign-in later."""
        self._show(None)

    def _user_of(self, validation: Validation) -> str:

        if isinstance(validation, UserValidation):
            return validation.user_name
        setup = self._session.run.setup
        return setup.request.user_name if setup else ""

    def _begin(self, validation: Validation, passphrase: Secret | None = None) -> None:
        from breakglass_tui.ui.first_sign_in.state import FirstSignInState

        state = self._state = FirstSignInState(validation, self._user_of(validation), passphrase)
        self._app.start_thread(lambda: self._carry_out(state), "first sign-in")
        self._show(state)

    def _carry_out(self, state: FirstSignInState) -> None:
        """Run a first sign-in in a thread, until AWS has confirmed the new password or the operator has left."""
        from breakglass_tui.ui.first_sign_in.threads import prepare

        post, problem = self._app.call_later, None
        try:
            worker, setup, stored = prepare(self._session, state)
            post(self._prepared, state, worker, setup, stored)
            worker.run(partial(self._pass_on, state))
        except Exception as error:  # noqa: BLE001 - the operator must see every error
            problem = as_problem(error)
        finally:
            post(self._ended, state, problem)

    def _pass_on(self, state: FirstSignInState, event: SignInEvent) -> None:
        self._app.call_later(self._progressed, state, event)

    def _prepared(self, state: FirstSignInState, worker: FirstSignIn, setup: Setup, stored: StoredRun) -> None:

        of_any_user = isinstance(state.validation, UserValidation)
        state.setup = setup
        state.record = copy.deepcopy(stored.record) if of_any_user else state.validation.record
        state.begin(worker)
        self.changed.publish(state)

    def _progressed(self, state: FirstSignInState, event: SignInEvent) -> None:

        state.apply(event)
        if isinstance(event, PermanentPasswordSealed | FirstSignInDone):
            validation = state.validation
            # The report that was written before does not list the current envelopes.
            validation.outdated, validation.exported = validation.outdated or bool(validation.exported), ()
            _expect_new_envelopes(state)
        self.changed.publish(state)

    def _ended(self, state: FirstSignInState, problem: Problem | None) -> None:
        from breakglass_tui.ui.first_sign_in.state import Stage

        state.over, state.problem = True, problem
        if state.stage is Stage.CONFIRMED:
            self._validate_again(state.validation)
        self.changed.publish(state)

    def _validate_again(self, validation: Validation) -> None:
        """Run the checks of ``validation`` again, at once or after those that are running.

        Running checks may have read AWS before the password changed.
        """
        self._to_validate = None if self._checks.start(validation) else validation

    def after_checks(self, checked: Checked) -> None:
        """Run the checks again if their end was awaited."""
        if checked.event is None and checked.validation is self._to_validate:
            self._app.call_next(self._validate_again, checked.validation)

    def practise(self, state: FirstSignInState) -> None:
        """Sign in at the simulated sign-in page, unless this is in progress."""
        if not state.practising:
            state.practising = True
            self._app.start_thread(lambda: self._practise(state), "practice")

    def _practise(self, state: FirstSignInState) -> None:
        from breakglass_tui.ui.first_sign_in.threads import practise

        self._app.call_later(self._practised, state, practise(self._session, state))

    def _practised(self, state: FirstSignInState, problem: Problem | None) -> None:
        state.practising = False
        if problem is not None:
            self._app.tell(f"{problem} p tries again.", failed=True)


def _expect_new_envelopes(state: FirstSignInState) -> None:
    """Update what the checks and the report of the validation know about the envelopes of the user.

    This is needed only for a user that no run of this session created.
    """
    from breakglass_tui.engine.compose import with_run_results

    validation, record = state.validation, state.record
    if isinstance(validation, UserValidation) and record is not None:
        updated = with_run_results(validation.subject, record)
        validation.subject = replace(
            validation.subject,
            envelopes=updated.envelopes,
            signing_in=updated.signing_in,
            signed_in=updated.signed_in,
        )
        validation.record.envelopes, validation.record.signed_in_at = list(updated.envelopes), record.signed_in_at

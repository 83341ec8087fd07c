"""Functions of a first sign-in that wait for AWS or for the disk. They run in threads."""

from __future__ import annotations

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.first_sign_in import FirstSignIn, first_sign_in
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.passphrase_check import existing_envelope, require_same_passphrase
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.first_sign_in.state import FirstSignInState
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation


def prepare(session: Session, state: FirstSignInState) -> tuple[FirstSignIn, Setup, StoredRun]:
    """Return the worker of a first sign-in, with the setup and the stored run of the run that created the user.

    Raises:
        Problem: the run is not on this machine, or the passphrase is wrong.
    """
    assert session.connection.cloud is not None
    setup, stored = _run_of(session, state)
    return first_sign_in(session.connection.cloud, setup, stored, session.journals.store, session.clock), setup, stored


def practise(session: Session, state: FirstSignInState) -> Problem | None:
    """Sign in at the simulated sign-in page as an operator would, then ask AWS for the result.

    Return why that failed.
    """
    worker = state.worker
    try:
        assert session.connection.cloud is not None
        practice = session.connection.cloud.simulated_sign_in
        if practice and worker and worker.temporary and worker.permanent:
            practice(state.user_name, worker.temporary, worker.permanent)
            worker.check_now()
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        return as_problem(error)
    return None


def _run_of(session: Session, state: FirstSignInState) -> tuple[Setup, StoredRun]:
    """Return the setup and the stored run of the run that created the user.

    Raises:
        Problem: the run is not on this machine, or the passphrase is wrong.
    """
    validation = state.validation
    if not isinstance(validation, UserValidation):
        assert session.run.setup is not None
        stored = session.journals.store.find(session.run.setup.run_id)
        return _with_passphrase(session.run.setup, stored, state.passphrase), stored
    known = known_user(
        session.journals.store, validation.account.caller.account_id, validation.user_name, session.connection.place
    )
    if known.stored is None:
        raise _forgotten(validation.user_name)
    return _with_passphrase(
        resumed_setup(known.stored, validation.account), known.stored, state.passphrase
    ), known.stored


def _with_passphrase(setup: Setup, stored: StoredRun, passphrase: Secret | None) -> Setup:
    """Put ``passphrase`` into the vault of ``setup``, and return ``setup``. The test of the passphrase takes seconds.

    Raises:
        Problem: the envelopes of the run have another passphrase.
    """
    if passphrase is None:
        return setup
    sealed = existing_envelope(stored.record)
    if sealed is not None:
        require_same_passphrase(sealed, passphrase)
    setup.vault.put(PASSPHRASE, passphrase)
    return setup


def _forgotten(user_name: str) -> Exception:

    return Problem(
        f"This machine has no record of the run that created {show(user_name)}.",
        why="Its journal was moved or deleted.",
        next="Restore the journal. Or sign in at the console, set a new password, and store it yourself.",
        kind=Kind.LOCAL,
        code="NoSuchRun",
    )

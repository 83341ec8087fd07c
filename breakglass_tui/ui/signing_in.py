"""Functions that run a first sign-in, or simulate the operator in a simulated account.

The App calls them in threads. They report by posting messages.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.ceremony import Ceremony
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.proof import Visit
from breakglass_tui.ui.threads import Post

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.first_sign_in import SignInEvent
    from breakglass_tui.engine.run_store import StoredRun
    from breakglass_tui.secrets.secret import Secret


def carry_out(session: Session, ceremony: Ceremony, post: Post) -> None:
    """Run a first sign-in.

    Return when AWS has confirmed the new password, when the operator has left, or after an error.

    At the end, post ``SignInEnded``.
    """
    from breakglass_tui.engine.first_sign_in import first_sign_in
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    problem = None
    try:
        setup, past = _whose(session, ceremony)
        work = first_sign_in(session.cloud, setup, past, session.store, session.clock)
        post(m.SignInBegun(ceremony, setup, past.record))
        ceremony.begin(work)
        work.run(partial(_pass_on, ceremony, post))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        problem = as_problem(error)
    finally:
        post(m.SignInEnded(ceremony, problem))


def _pass_on(ceremony: Ceremony, post: Post, news: SignInEvent) -> None:
    post(m.SignInTold(ceremony, news))


def practise(session: Session, ceremony: Ceremony, post: Post) -> None:
    """Sign in at the simulated sign-in page as an operator would, then ask AWS for the result.

    At the end, post ``Practised``.
    """
    from breakglass_tui.engine.unexpected_errors import as_problem

    work, problem = ceremony.work, None
    try:
        assert session.cloud is not None
        practice = session.cloud.simulated_sign_in
        if practice and work and work.temporary and work.permanent:
            practice(ceremony.user_name, work.temporary, work.permanent)
            work.check_now()
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        problem = as_problem(error)
    finally:
        post(m.Practised(ceremony, problem))


def _whose(session: Session, ceremony: Ceremony) -> tuple[Setup, StoredRun]:
    """Return the setup and the stored run of the run that created the user.

    Raises:
        Problem: the run is not on this machine, or the passphrase is wrong.
    """
    from breakglass_tui.engine.compose import resumed_setup
    from breakglass_tui.engine.known_user import known_user

    proof = ceremony.proof
    if not isinstance(proof, Visit):
        assert session.setup is not None
        past = session.store.find(session.setup.run_id)
        return _with_passphrase(session.setup, past, ceremony.passphrase), past
    known = known_user(session.store, proof.account.caller.account_id, proof.user_name, session.place)
    if known.stored is None:
        raise _forgotten(proof.user_name)
    return _with_passphrase(resumed_setup(known.stored, proof.account), known.stored, ceremony.passphrase), known.stored


def _with_passphrase(setup: Setup, past: StoredRun, passphrase: Secret | None) -> Setup:
    """Put ``passphrase`` into the vault of ``setup``, and return ``setup``. The test of the passphrase takes seconds.

    Raises:
        Problem: the envelopes of the run have another passphrase.
    """
    from breakglass_tui.engine.passphrase_check import existing_envelope, require_same_passphrase
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

    if passphrase is None:
        return setup
    sealed = existing_envelope(past.record)
    if sealed is not None:
        require_same_passphrase(sealed, passphrase)
    setup.vault.put(PASSPHRASE, passphrase)
    return setup


def _forgotten(user_name: str) -> Exception:
    from breakglass_tui.domain.problems import Kind, Problem
    from breakglass_tui.domain.text import show

    return Problem(
        f"This machine has no record of the run that created {show(user_name)}.",
        why="Its journal was moved or deleted.",
        next="Restore the journal. Or sign in at the console, set a new password, and store it yourself.",
        kind=Kind.LOCAL,
        code="NoSuchRun",
    )

"""What the App does in threads for a first sign-in: carrying it out, and practising it in a simulated account."""

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
    from breakglass_tui.engine.first_sign_in import News
    from breakglass_tui.engine.run_store import StoredRun
    from breakglass_tui.secrets.secret import Secret


def carry_out(session: Session, ceremony: Ceremony, post: Post) -> None:
    """From the journal of the run that made the user to a password that AWS has confirmed, or until it is left."""
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
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        problem = as_problem(error)
    finally:
        post(m.SignInEnded(ceremony, problem))


def _pass_on(ceremony: Ceremony, post: Post, news: News) -> None:
    post(m.SignInTold(ceremony, news))


def practise(session: Session, ceremony: Ceremony, post: Post) -> None:
    """Do at the simulated sign-in page what an operator does at the real one, then look at once."""
    from breakglass_tui.engine.unexpected_errors import as_problem

    work, problem = ceremony.work, None
    try:
        assert session.cloud is not None
        practice = session.cloud.practice
        if practice and work and work.temporary and work.permanent:
            practice(ceremony.user_name, work.temporary, work.permanent)
            work.look()
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        problem = as_problem(error)
    finally:
        post(m.Practised(ceremony, problem))


def _whose(session: Session, ceremony: Ceremony) -> tuple[Setup, StoredRun]:
    """The run that made the user, and its setup. Raises ``Problem``."""
    from breakglass_tui.engine.compose import resumed_setup
    from breakglass_tui.engine.known_user import known_user

    proof = ceremony.proof
    if not isinstance(proof, Visit):
        assert session.setup is not None
        past = session.store.find(session.setup.run_id)
        return _with_passphrase(session.setup, past, ceremony.passphrase), past
    known = known_user(session.store, proof.account.caller.account_id, proof.user_name, demo=session.demo)
    if known.past is None:
        raise _forgotten(proof.user_name)
    return _with_passphrase(resumed_setup(known.past, proof.account), known.past, ceremony.passphrase), known.past


def _with_passphrase(setup: Setup, past: StoredRun, passphrase: Secret | None) -> Setup:
    """One run never seals with two passphrases. Takes seconds. Raises ``Problem``."""
    from breakglass_tui.engine.passphrase_check import require_the_same, sealed_before
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

    if passphrase is None:
        return setup
    sealed = sealed_before(past.record)
    if sealed is not None:
        require_the_same(sealed, passphrase)
    setup.vault.put(PASSPHRASE, passphrase)
    return setup


def _forgotten(user_name: str) -> Exception:
    from breakglass_tui.domain.problems import Kind, Problem
    from breakglass_tui.domain.text import show

    return Problem(
        f"The run that made the user {show(user_name)} is not on this machine any more.",
        why="Its journal was moved or removed meanwhile.",
        next="Bring it back, or sign in without this screen, and seal the password that you set.",
        kind=Kind.LOCAL,
        code="NoSuchRun",
    )

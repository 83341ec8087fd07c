"""The App's work in threads on runs of earlier processes: read them, compare them with AWS, prepare them.

As in ``threads``, each function reports by posting messages, and heavy modules are imported here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.threads import Post

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.observation import ObservedState
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.engine.cloud import Cloud, Setup
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import Run
    from breakglass_tui.engine.run_store import RunStore, StoredRun
    from breakglass_tui.engine.verdict_store import SavedVerdict
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.secrets.vault import Vault


@dataclass(frozen=True)
class OpenRun:
    """An unfinished run. ``obstacle`` is why it can neither be resumed nor removed now."""

    past: StoredRun
    obstacle: Problem | None = None


@dataclass(frozen=True)
class Past:
    """The earlier runs and validations on this machine. ``problem`` is why the runs could not be read.

    ``runs`` are the unfinished runs of this account. ``elsewhere`` has the account id of each unfinished run of another
    account. ``made`` are the names of the users that finished runs created. ``proofs`` has the last verdict of each
    user by folded name.
    """

    runs: tuple[OpenRun, ...] = ()
    elsewhere: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    proofs: Mapping[str, SavedVerdict] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Again:
    """A run of an earlier process, ready to be resumed or, with ``undo``, to be removed."""

    past: StoredRun
    setup: Setup
    plan: Plan
    run: Run
    undo: bool


def read_past(session: Session, post: Post, wanted: str | None) -> None:
    """Read the journals and the saved verdicts, and post ``PastRead`` with ``wanted``."""
    from breakglass_tui.domain.problems import Problem

    assert session.caller is not None
    account_id = session.caller.account_id
    proofs = session.proofs.of_account(account_id, session.clock.now())
    try:
        runs = session.store.runs()
    except Problem as problem:
        post(m.PastRead(Past(proofs=proofs, problem=problem), wanted))
        return
    open_ = [past for past in runs if not past.finished]
    elsewhere = tuple(
        past.record.header.account_id for past in open_ if past.record.header and not _of(past, account_id)
    )
    here = tuple(
        OpenRun(past, past.problem or _claimed(session.store, past))
        for past in open_
        if past.record.header is None or _of(past, account_id)
    )
    if here or wanted is not None:
        importlib.import_module("breakglass_tui.ui.dialogs.unfinished")
    post(m.PastRead(Past(here, elsewhere, _made(session, runs, account_id), proofs), wanted))


def _of(past: StoredRun, account_id: str) -> bool:
    return past.record.header is not None and past.record.header.account_id == account_id


def _made(session: Session, runs: Iterable[StoredRun], account_id: str) -> tuple[str, ...]:
    """Return the users that finished runs created. Those of an earlier simulated account no longer exist."""
    from breakglass_tui.domain.events import RunStatus

    done = [past for past in runs if past.record.status is RunStatus.DONE and _of(past, account_id)]
    here = [past for past in done if not session.demo or session.store.wrote(past.id)]
    names = (str(past.record.header.request.get("user_name", "")) for past in here if past.record.header)
    return tuple(dict.fromkeys(filter(None, names)))


def read_users(session: Session, post: Post) -> None:
    """Read the users of the account again."""
    from breakglass_tui.domain.account import AccountList
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    try:
        post(m.UsersRead(session.cloud.users()))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        post(m.UsersRead(AccountList(problem=as_problem(error))))


def keep_proof(session: Session, kept: SavedVerdict, post: Post) -> None:
    """Save the verdict of a validation for later processes."""
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        session.proofs.save(kept)
        post(m.ProofKept())
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        post(m.ProofKept(as_problem(error)))


def look(session: Session, past: StoredRun, post: Post) -> None:
    """Read what AWS has now of each step. A step that cannot be read is unknown, with the reason."""
    from breakglass_tui.domain.observation import Observation, ObservedState
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        for step, observed in _sights(session, past):
            post(m.Sighted(past.id, step, observed))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        unseen = ObservedState(Observation.UNKNOWN, as_problem(error).what)
        for step in past.record.steps:
            post(m.Sighted(past.id, step, unseen))


def make_ready(session: Session, past: StoredRun, post: Post, *, undo: bool, passphrase: Secret | None = None) -> None:
    """Prepare the run that resumes or removes ``past``. Nothing is written yet.

    If the run has sealed with a passphrase before, ``passphrase`` must be the same one.
    """
    from breakglass_tui.engine.compose import resumed_run, resumed_setup
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    assert session.caller is not None
    # A run whose removal has started can only be removed.
    undo = undo or past.record.undoing
    try:
        account = _account(session.cloud, session.caller, past, whole=not undo)
        setup = resumed_setup(past, account, vault=_vault(past, passphrase))
        run = resumed_run(session.cloud, setup, past, session.store, undo=undo, clock=session.clock)
        post(m.Ready(Again(past, setup, session.cloud.plan(setup), run, undo)))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        post(m.Ready(problem=as_problem(error)))


def _vault(past: StoredRun, passphrase: Secret | None) -> Vault:
    from breakglass_tui.engine.passphrase_check import existing_envelope, require_same_passphrase
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
    from breakglass_tui.secrets.vault import Vault

    vault = Vault()
    if passphrase is not None:
        sealed = existing_envelope(past.record)
        if sealed is not None:
            require_same_passphrase(sealed, passphrase)
        vault.put(PASSPHRASE, passphrase)
    return vault


def _sights(session: Session, past: StoredRun) -> Iterator[tuple[str, ObservedState]]:
    from breakglass_tui.engine.compose import resumed_setup
    from breakglass_tui.engine.observer import observe

    assert session.cloud is not None
    assert session.caller is not None
    setup = resumed_setup(past, _account(session.cloud, session.caller, past, whole=False))
    for step, observed in observe(session.cloud.plan(setup).steps, past.record, session.clock):
        yield step.id, observed


def _account(cloud: Cloud, caller: Caller, past: StoredRun, *, whole: bool) -> Account:
    from breakglass_tui.domain.account import Account
    from breakglass_tui.domain.problems import Problem

    header = past.record.header
    account = Account(caller, header.region if header else cloud.region)
    for account in cloud.assess(account.region, caller) if whole else ():  # noqa: B007, B020 - the last is complete
        pass
    if isinstance(account.admin_policy, Problem):
        raise account.admin_policy
    return account


def _claimed(store: RunStore, past: StoredRun) -> Problem | None:
    """Return the problem if another process is working on the run."""
    from breakglass_tui.domain.problems import Kind, Problem

    header = past.record.header
    if header is None:
        return None
    try:
        with store.claim(header.account_id, str(header.request.get("user_name", ""))):
            return None
    except Problem as problem:
        return problem if problem.kind is Kind.BUSY else None

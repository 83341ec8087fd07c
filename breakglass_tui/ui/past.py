"""What the App does in threads with the runs of earlier processes: reading, looking, making ready.

Like ``threads``, each function tells by posting messages, and heavy modules are imported here.
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
    """A run that left something open; ``obstacle`` is why it can only be left as it is."""

    past: StoredRun
    obstacle: Problem | None = None


@dataclass(frozen=True)
class Past:
    """What this machine knows of earlier runs and validations; ``problem`` is why the runs could not be read.

    ``runs`` are those of this account that left something open, ``elsewhere`` has the account of each other one.
    ``made`` are the users of finished runs, ``proofs`` the last verdict of each user by folded name.
    """

    runs: tuple[OpenRun, ...] = ()
    elsewhere: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    proofs: Mapping[str, SavedVerdict] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Again:
    """A run of an earlier process, ready to be gone on with or, with ``undo``, to be removed."""

    past: StoredRun
    setup: Setup
    plan: Plan
    run: Run
    undo: bool


def read_past(session: Session, post: Post, wanted: str | None) -> None:
    """Read journals and proofs; runs of other accounts are only named. ``wanted`` is passed on."""
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
    """The users that finished runs made; those of an earlier simulated account are gone with it."""
    from breakglass_tui.domain.events import RunStatus

    done = [past for past in runs if past.record.status is RunStatus.DONE and _of(past, account_id)]
    here = [past for past in done if not session.demo or session.store.wrote(past.id)]
    names = (str(past.record.header.request.get("user_name", "")) for past in here if past.record.header)
    return tuple(dict.fromkeys(filter(None, names)))


def read_users(session: Session, post: Post) -> None:
    """Read the users of the account once more."""
    from breakglass_tui.domain.account import AccountList
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    try:
        post(m.UsersRead(session.cloud.users()))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        post(m.UsersRead(AccountList(problem=as_problem(error))))


def keep_proof(session: Session, kept: SavedVerdict, post: Post) -> None:
    """Keep the verdict of a validation for later processes."""
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        session.proofs.keep(kept)
        post(m.ProofKept())
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        post(m.ProofKept(as_problem(error)))


def look(session: Session, past: StoredRun, post: Post) -> None:
    """See what AWS holds now of each step; what cannot be seen is unknown, and says why."""
    from breakglass_tui.domain.observation import Observation, ObservedState
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        for step, observed in _sights(session, past):
            post(m.Sighted(past.id, step, observed))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        unseen = ObservedState(Observation.UNKNOWN, as_problem(error).what)
        for step in past.record.steps:
            post(m.Sighted(past.id, step, unseen))


def make_ready(session: Session, past: StoredRun, post: Post, *, undo: bool, passphrase: Secret | None = None) -> None:
    """Make the run that goes on with ``past`` or removes it; nothing is written yet.

    ``passphrase`` must be the one that the run has sealed with before, if it has.
    """
    from breakglass_tui.engine.compose import resumed_run, resumed_setup
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    assert session.caller is not None
    # A run whose removal had begun can only be removed.
    undo = undo or past.record.undoing
    try:
        account = _account(session.cloud, session.caller, past, whole=not undo)
        setup = resumed_setup(past, account, vault=_vault(past, passphrase))
        run = resumed_run(session.cloud, setup, past, session.store, undo=undo, clock=session.clock)
        post(m.Ready(Again(past, setup, session.cloud.plan(setup), run, undo)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        post(m.Ready(problem=as_problem(error)))


def _vault(past: StoredRun, passphrase: Secret | None) -> Vault:
    from breakglass_tui.engine.passphrase_check import require_the_same, sealed_before
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
    from breakglass_tui.secrets.vault import Vault

    vault = Vault()
    if passphrase is not None:
        sealed = sealed_before(past.record)
        if sealed is not None:
            require_the_same(sealed, passphrase)
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
    """Who is at work on the run just now, if another process is."""
    from breakglass_tui.domain.problems import Kind, Problem

    header = past.record.header
    if header is None:
        return None
    try:
        with store.claim(header.account_id, str(header.request.get("user_name", ""))):
            return None
    except Problem as problem:
        return problem if problem.kind is Kind.BUSY else None

"""Functions for runs of earlier processes: read them, compare them with AWS, prepare them to be resumed or undone.

The App calls them in threads. They report by posting messages, as those in ``ui/threads.py`` do. This module may import
what takes time, because it is loaded after the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breakglass_tui.domain.text import show
from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.threads import Post

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.observation import ObservedState
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.run_header import RunHeader
    from breakglass_tui.engine.cloud import Cloud, Setup
    from breakglass_tui.engine.listed_run import ListedRun
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import Run
    from breakglass_tui.engine.run_store import RunStore, StoredRun
    from breakglass_tui.engine.verdict_store import SavedVerdict
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.secrets.vault import Vault


@dataclass(frozen=True)
class OpenRun:
    """An unfinished run. ``obstacle`` is why it can be neither resumed nor undone now, or None."""

    past: StoredRun
    obstacle: Problem | None = None


@dataclass(frozen=True)
class Past:
    """The run history of this machine: its unfinished runs, and the saved verdicts of users of this account.

    ``runs`` are the unfinished runs of this account. ``elsewhere`` has one account for each unfinished run of
    another account, and of an emulator that claims to be this one. ``made`` has the names of the users that finished
    runs created. ``proofs`` has the last verdict of each user, by case-folded user name. ``problem`` is why the runs
    could not be read.
    """

    runs: tuple[OpenRun, ...] = ()
    elsewhere: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    proofs: Mapping[str, SavedVerdict] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Again:
    """A run of an earlier process, prepared to be resumed or, if ``undo`` is True, to be undone.

    ``past`` is the run as its journal describes it. ``run`` continues it.
    """

    past: StoredRun
    setup: Setup
    plan: Plan
    run: Run
    undo: bool


def read_past(session: Session, post: Post, wanted: str | None) -> None:
    """Read the journals and the saved verdicts of this machine, and post ``PastRead`` with ``wanted``."""
    from breakglass_tui.domain.problems import Problem

    assert session.caller is not None
    proofs = session.proofs.of_account(session.caller.account_id, session.clock.now(), session.place)
    try:
        runs = session.store.runs()
    except Problem as problem:
        post(m.PastRead(Past(proofs=proofs, problem=problem), wanted))
        return
    open_ = [run.stored for run in runs if run.stored is not None and not run.finished]
    headers = [past.record.header for past in open_]
    elsewhere = tuple(_account_name(header) for header in headers if header is not None and not _of(header, session))
    here = tuple(
        OpenRun(past, past.problem or _claimed(session.store, past))
        for past, header in zip(open_, headers, strict=True)
        if header is None or _of(header, session)
    )
    if here or wanted is not None:
        importlib.import_module("breakglass_tui.ui.dialogs.unfinished")
    post(m.PastRead(Past(here, elsewhere, _made(session, runs), proofs), wanted))


def _of(header: RunHeader | None, session: Session) -> bool:
    caller = session.caller
    return header is not None and caller is not None and header.belongs_to(caller.account_id, session.place)


def _account_name(header: RunHeader) -> str:
    from breakglass_tui.domain.endpoints import Place
    from breakglass_tui.ui.widgets.chrome.identity_bar import grouped

    name = grouped(show(header.account_id))
    return f"{header.place} {name}" if header.place is Place.EMULATOR else name


def _made(session: Session, runs: Iterable[ListedRun]) -> tuple[str, ...]:
    """Return the names of the users that finished runs created. Runs on earlier simulated accounts are left out."""
    from breakglass_tui.domain.events import RunStatus

    done = [run for run in runs if run.status is RunStatus.DONE and _of(run.header, session)]
    here = [run for run in done if not session.demo or session.store.wrote(run.id)]
    return tuple(dict.fromkeys(filter(None, (run.user_name for run in here))))


def read_users(session: Session, post: Post) -> None:
    """Read the users of the account again, and post ``UsersRead``."""
    from breakglass_tui.domain.account import AccountList
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    try:
        post(m.UsersRead(session.cloud.users()))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        post(m.UsersRead(AccountList(problem=as_problem(error))))


def keep_proof(session: Session, kept: SavedVerdict, post: Post) -> None:
    """Save the verdict ``kept`` for later processes, and post ``ProofKept``."""
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        session.proofs.save(kept)
        post(m.ProofKept())
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        post(m.ProofKept(as_problem(error)))


def look(session: Session, past: StoredRun, post: Post) -> None:
    """Read from AWS which resources of the run ``past`` exist, and post ``Sighted`` for each step.

    If AWS cannot be read, the state of each step is UNKNOWN, with the reason.
    """
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
    """Prepare the run that resumes or undoes ``past``, and post ``Ready``. Nothing is written to AWS yet.

    ``passphrase`` is the passphrase of the run, if it seals with one. It must open the existing envelopes of the run.
    """
    from breakglass_tui.engine.compose import resumed_run, resumed_setup
    from breakglass_tui.engine.unexpected_errors import as_problem

    assert session.cloud is not None
    assert session.caller is not None
    # A run whose removal has started can only be removed.
    undo = undo or past.record.undoing
    try:
        account = _account(session.cloud, session.caller, past, whole=not undo)
        setup = resumed_setup(past, account, vault=_vault(past, passphrase), signer=session.signer())
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
    """Return the problem that another process is working on the user of this run, or None."""
    from breakglass_tui.domain.problems import Kind, Problem

    header = past.record.header
    if header is None:
        return None
    try:
        with store.claim(header.account_id, str(header.request.get("user_name", ""))):
            return None
    except Problem as problem:
        return problem if problem.kind is Kind.BUSY else None

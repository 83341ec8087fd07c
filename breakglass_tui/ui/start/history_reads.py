"""Functions for runs of earlier processes: read them, compare them with AWS, prepare them to be resumed or undone.

They wait for AWS or for the disk, so they are called in threads. This module may import what takes time, because it is
loaded after the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.listed_run import ListedRun
from breakglass_tui.engine.observer import observe
from breakglass_tui.engine.passphrase_check import existing_envelope, require_same_passphrase
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault
from breakglass_tui.ui.state.run_history import ResumableRun, RunHistory, UnfinishedRun
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.identity_bar import grouped


def read_history(session: Session, *, opens: bool = False) -> RunHistory:
    """Return the run history of this machine, from its journals and saved verdicts.

    ``opens`` is whether the list of unfinished runs opens afterwards.
    """
    connection, journals = session.connection, session.journals
    assert connection.caller is not None
    verdicts = journals.verdicts.of_account(connection.caller.account_id, session.clock.now(), connection.place)
    try:
        runs = journals.store.runs()
    except Problem as problem:
        return RunHistory(verdicts=verdicts, problem=problem)
    unfinished = [run.stored for run in runs if run.stored is not None and not run.finished]
    headers = [run.record.header for run in unfinished]
    elsewhere = tuple(
        _account_name(header) for header in headers if header is not None and not _is_here(header, session)
    )
    here = tuple(
        UnfinishedRun(run, run.problem or _claimed(journals.store, run))
        for run, header in zip(unfinished, headers, strict=True)
        if header is None or _is_here(header, session)
    )
    if here or opens:
        importlib.import_module("breakglass_tui.ui.start.unfinished_dialog")
    return RunHistory(here, elsewhere, _created(session, runs), verdicts)


def _account_name(header: RunHeader) -> str:

    name = grouped(show(header.account_id))
    return f"{header.place} {name}" if header.place is Place.EMULATOR else name


def _is_here(header: RunHeader | None, session: Session) -> bool:
    connection = session.connection
    caller = connection.caller
    return header is not None and caller is not None and header.belongs_to(caller.account_id, connection.place)


def _created(session: Session, runs: Iterable[ListedRun]) -> tuple[str, ...]:
    """Return the names of the users that finished runs created. Runs on earlier simulated accounts are left out."""
    done = [run for run in runs if run.status is RunStatus.DONE and _is_here(run.header, session)]
    here = [run for run in done if not session.connection.demo or session.journals.store.wrote(run.id)]
    return tuple(dict.fromkeys(filter(None, (run.user_name for run in here))))


def observed_steps(session: Session, run: StoredRun) -> Iterator[tuple[str, ObservedState]]:
    """Read from AWS which resources of ``run`` exist. Yield the id of each step with its state.

    If AWS cannot be read, the state of each step is UNKNOWN, with the reason.
    """
    connection = session.connection
    assert connection.cloud is not None
    assert connection.caller is not None
    try:
        setup = resumed_setup(run, _account(connection.cloud, connection.caller, run, whole=False))
        for step, observed in observe(connection.cloud.plan(setup).steps, run.record, session.clock):
            yield step.id, observed
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        unknown = ObservedState(Observation.UNKNOWN, as_problem(error).what)
        for step_id in run.record.steps:
            yield step_id, unknown


def resumable_run(
    session: Session, run: StoredRun, *, undo: bool, passphrase: Secret | None = None
) -> ResumableRun | Problem:
    """Return the run that resumes or undoes ``run``, or why it cannot be prepared. Nothing is written to AWS yet.

    ``passphrase`` is the passphrase of the run, if it seals with one. It must open the existing envelopes of the run.
    """
    connection = session.connection
    assert connection.cloud is not None
    assert connection.caller is not None
    # A run whose removal has started can only be removed.
    undo = undo or run.record.undoing
    try:
        account = _account(connection.cloud, connection.caller, run, whole=not undo)
        setup = resumed_setup(run, account, vault=_vault(run, passphrase), signer=connection.signer())
        again = resumed_run(connection.cloud, setup, run, session.journals.store, undo=undo, clock=session.clock)
        return ResumableRun(run, setup, connection.cloud.plan(setup), again, undo)
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        return as_problem(error)


def _vault(run: StoredRun, passphrase: Secret | None) -> Vault:

    vault = Vault()
    if passphrase is not None:
        sealed = existing_envelope(run.record)
        if sealed is not None:
            require_same_passphrase(sealed, passphrase)
        vault.put(PASSPHRASE, passphrase)
    return vault


def _account(cloud: Cloud, caller: Caller, run: StoredRun, *, whole: bool) -> Account:

    header = run.record.header
    account = Account(caller, header.region if header else cloud.region)
    for account in cloud.assess(account.region, caller) if whole else ():  # noqa: B007, B020 - the last is complete
        pass
    if isinstance(account.admin_policy, Problem):
        raise account.admin_policy
    return account


def _claimed(store: RunStore, run: StoredRun) -> Problem | None:
    """Return the problem that another process is working on the user of this run, or None."""
    header = run.record.header
    if header is None:
        return None
    try:
        with store.claim(header.account_id, str(header.request.get("user_name", ""))):
            return None
    except Problem as problem:
        return problem if problem.kind is Kind.BUSY else None

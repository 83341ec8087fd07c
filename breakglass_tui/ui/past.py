"""What the App does in threads with the runs of earlier processes: reading, looking, making ready.

Like ``threads``, each function tells by posting messages, and heavy modules are imported here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Again, Session
from breakglass_tui.ui.threads import Post

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.sight import Sight
    from breakglass_tui.engine.cloud import Cloud
    from breakglass_tui.engine.store import PastRun, RunStore
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.secrets.vault import Vault


@dataclass(frozen=True)
class OpenRun:
    """A run that left something open; ``obstacle`` is why it can only be left as it is."""

    past: PastRun
    obstacle: Problem | None = None


def read_unfinished(session: Session, post: Post, *, asked: bool) -> None:
    """Read the journals; runs of other accounts are only named."""
    from breakglass_tui.domain.problems import Problem

    assert session.caller is not None
    account_id = session.caller.account_id
    runs, elsewhere = [], []
    try:
        unfinished = session.store.unfinished()
    except Problem as problem:
        post(m.UnfinishedRead((), (), asked, problem))
        return
    for past in unfinished:
        header = past.record.header
        if header is not None and header.account_id != account_id:
            elsewhere.append(header.account_id)
        else:
            runs.append(OpenRun(past, past.problem or _claimed(session.store, past)))
    if runs or asked:
        importlib.import_module("breakglass_tui.ui.dialogs.unfinished")
    post(m.UnfinishedRead(tuple(runs), tuple(elsewhere), asked))


def look(session: Session, past: PastRun, post: Post) -> None:
    """See what AWS holds now of each step; what cannot be seen is unknown, and says why."""
    from breakglass_tui.domain.sight import Seen, Sight
    from breakglass_tui.engine.unexpected import as_problem

    try:
        for step, sight in _sights(session, past):
            post(m.Sighted(past.id, step, sight))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        unseen = Sight(Seen.UNKNOWN, as_problem(error).what)
        for step in past.record.steps:
            post(m.Sighted(past.id, step, unseen))


def make_ready(session: Session, past: PastRun, post: Post, *, undo: bool, passphrase: Secret | None = None) -> None:
    """Make the run that goes on with ``past`` or removes it; nothing is written yet.

    ``passphrase`` must be the one that the run has sealed with before, if it has.
    """
    from breakglass_tui.engine.compose import run_again, setup_again
    from breakglass_tui.engine.unexpected import as_problem

    assert session.cloud is not None
    assert session.caller is not None
    # A run whose removal had begun can only be removed.
    undo = undo or past.record.undoing
    try:
        account = _account(session.cloud, session.caller, past, whole=not undo)
        setup = setup_again(past, account, vault=_vault(past, passphrase))
        run = run_again(session.cloud, setup, past, session.store, undo=undo, clock=session.clock)
        post(m.Ready(Again(past, setup, session.cloud.plan(setup), run, undo)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        post(m.Ready(problem=as_problem(error)))


def _vault(past: PastRun, passphrase: Secret | None) -> Vault:
    from breakglass_tui.engine.same_passphrase import require_the_same, sealed_before
    from breakglass_tui.secrets.passphrase import PASSPHRASE
    from breakglass_tui.secrets.vault import Vault

    vault = Vault()
    if passphrase is not None:
        sealed = sealed_before(past.record)
        if sealed is not None:
            require_the_same(sealed, passphrase)
        vault.put(PASSPHRASE, passphrase)
    return vault


def _sights(session: Session, past: PastRun) -> Iterator[tuple[str, Sight]]:
    from breakglass_tui.engine.compose import setup_again
    from breakglass_tui.engine.looking import sights

    assert session.cloud is not None
    assert session.caller is not None
    setup = setup_again(past, _account(session.cloud, session.caller, past, whole=False))
    for step, sight in sights(session.cloud.plan(setup).steps, past.record, session.clock):
        yield step.id, sight


def _account(cloud: Cloud, caller: Caller, past: PastRun, *, whole: bool) -> Account:
    from breakglass_tui.domain.account import Account
    from breakglass_tui.domain.problems import Problem

    header = past.record.header
    account = Account(caller, header.region if header else cloud.region)
    for account in cloud.assess(account.region, caller) if whole else ():  # noqa: B007, B020 - the last is complete
        pass
    if isinstance(account.admin_policy, Problem):
        raise account.admin_policy
    return account


def _claimed(store: RunStore, past: PastRun) -> Problem | None:
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

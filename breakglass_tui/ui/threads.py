"""Functions that wait for AWS or for the disk. The App calls them in threads.

Each function reports by posting messages with ``post``, and uses no widgets. This module may import what takes time,
because it is loaded after the first paint.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.proof import Visit

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup, Subject
    from breakglass_tui.engine.run import Run
    from breakglass_tui.ui.proof import Proof

Post = Callable[[Message], object]


def connect(session: Session, post: Post) -> None:
    """Find credentials, identify the caller, and read the account. Post a message after each part.

    If this fails, post ``Troubled``.
    """
    from breakglass_tui.engine.compose import new_name
    from breakglass_tui.engine.unexpected_errors import as_problem

    try:
        session.draft.generated_name = session.draft.generated_name or new_name(session.clock)
        cloud = session.connect()
        caller = cloud.identify()
        post(m.Connected(cloud, caller))
        for account in cloud.assess(session.draft.region or cloud.region, caller):
            post(m.AccountRead(account))
        load_ahead()
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        post(m.Troubled(as_problem(error)))


LATER = (
    "screens.assessment_form",
    "screens.summary",
    "screens.configuration",
    "screens.validation",
    "screens.first_sign_in",
    "dialogs.stop",
    "dialogs.help",
)


SELDOM = 100
"""Threshold of the third generation of the garbage collector: how rarely a full collection runs. The default is 10."""
SWITCH_S = 0.001
"""Seconds after which a thread yields the interpreter lock. With the default, 0.005, checks delay the screen longer."""


def load_ahead() -> None:
    """Import the modules of later phases while the operator reads the first screen, so that later moves are fast."""
    for name in LATER:
        importlib.import_module(f"breakglass_tui.ui.{name}")
    # What is loaded now is never freed. A full collection of it took up to 200 ms, and the screen froze meanwhile. So
    # these objects are excluded, and full collections are ten times rarer, which suffices for what is created later.
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    sys.setswitchinterval(SWITCH_S)
    _return_free_memory()


def _return_free_memory() -> None:
    """Return the memory that parsing left free to the system, 3 MB, if the C library can do that (malloc_trim(3))."""
    import ctypes

    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def read_keys(session: Session, region: str, post: Post) -> None:
    """Read the KMS keys of ``region``, and post ``KeysRead``."""
    from breakglass_tui.domain.account import AccountList
    from breakglass_tui.domain.problems import Problem

    assert session.cloud is not None
    try:
        post(m.KeysRead(region, session.cloud.keys(region)))
    except Problem as problem:
        post(m.KeysRead(region, AccountList(problem=problem)))


def preflight(session: Session, setup: Setup, post: Post) -> None:
    """Run the preflight checks of ``setup``, and post ``Prechecked`` for each event and at the end."""
    from breakglass_tui.engine.check_runner import CheckRunner
    from breakglass_tui.engine.compose import preflight_checks

    assert session.cloud is not None
    try:
        for event in CheckRunner(preflight_checks(session.cloud, setup, session.store), session.clock).events():
            post(m.Prechecked(setup.run_id, event))
    finally:
        post(m.Prechecked(setup.run_id, None))


def new_run(session: Session) -> Run:
    """Return the run of the session's plan. It has not started, and makes no calls yet."""
    from breakglass_tui.engine.compose import new_run as compose_run

    assert session.cloud is not None
    assert session.setup is not None
    return compose_run(session.cloud, session.setup, session.store, session.clock)


def run(session: Session, post: Post) -> None:
    """Run the session's plan until it ends, and post ``Progressed`` for each event."""
    assert session.run is not None
    for event in session.run.events():
        post(m.Progressed(event))


def inspect(session: Session, proof: Proof, only: str | None, post: Post) -> None:
    """Run the checks of ``proof``, or only the one with the id ``only``.

    Post ``Inspected`` for each event and at the end.

    Before the end, append to the journal of the user what the checks proved, and the verdict.
    """
    from breakglass_tui.domain.events import CheckFinished, StepBrief
    from breakglass_tui.engine.check_runner import CheckRunner
    from breakglass_tui.engine.unexpected_errors import as_problem
    from breakglass_tui.ui.user_journals import record_validation

    assert session.cloud is not None
    problem, results, recorded = None, [], False
    try:
        subject = _subject(session, proof, post)
        checks = session.cloud.checks(subject)
        chosen = [check for check in checks if only in (None, check.id)]
        post(m.Inspecting(proof, tuple(StepBrief(check.id, check.title) for check in chosen)))
        inspection = CheckRunner(chosen, session.clock)
        proof.begin(inspection)
        for event in inspection.events():
            post(m.Inspected(proof, event))
            if isinstance(event, CheckFinished):
                results.append(event.result)
        recorded = record_validation(session, proof, subject, results, post)
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        problem = as_problem(error)
    finally:
        post(m.Inspected(proof, None, problem, recorded))


def _subject(session: Session, proof: Proof, post: Post) -> Subject:
    """Return the description of the user for the checks.

    For a user that no run of this session created, the account is read first if it is not complete.
    """
    from dataclasses import replace

    from breakglass_tui.engine.compose import subject_of
    from breakglass_tui.ui.user_journals import read_history

    if not isinstance(proof, Visit):
        assert session.setup is not None
        subject = subject_of(session.setup, proof.record)
        return replace(subject, history=read_history(session, subject, post))
    assert session.cloud is not None
    account = proof.account
    if not account.complete:
        *_, account = session.cloud.assess(account.region, account.caller)
    # Another process may have accepted a device since the user was selected.
    return replace(proof.subject, account=account, history=read_history(session, proof.subject, post))


def export(session: Session, proof: Proof, post: Post) -> None:
    """Write and sign the report of ``proof``, and post ``Exported``.

    The report of this session's run is written beside its envelopes. For another user it has its own directory.
    """
    from breakglass_tui.engine.unexpected_errors import as_problem
    from breakglass_tui.report.export import export as write
    from breakglass_tui.ui.user_journals import recorded_history

    try:
        history = recorded_history(session, proof, post)
        if isinstance(proof, Visit):
            directory, head = proof.directory, ""
        else:
            assert session.setup is not None
            directory, head = session.setup.envelopes.directory, session.store.head(proof.record)
        signer = session.signer(lambda text: post(m.SignerWaits(proof, text)))
        found = write(proof.record, directory, head, history, signer=signer, now=session.clock.now())
        post(m.Exported(proof, found.paths, found.unsigned))
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        post(m.Exported(proof, problem=as_problem(error)))

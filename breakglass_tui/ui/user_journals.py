"""Functions that read and write the journal of a user: what checks proved by use, and which devices were accepted.

The App calls them in threads. They report by posting messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.user_history import DeviceAccepted, UserHistory
from breakglass_tui.engine.journal import DAMAGED
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.engine.user_journal import UserJournal, history_of, validation_events
from breakglass_tui.ui import messages as m

if TYPE_CHECKING:
    from breakglass_tui.domain.checks import CheckResult
    from breakglass_tui.engine.cloud import Subject
    from breakglass_tui.ui.flow import Session
    from breakglass_tui.ui.proof import Proof
    from breakglass_tui.ui.threads import Post


def read_history(session: Session, subject: Subject, post: Post) -> UserHistory:
    """Return what the journal of the user records.

    If the journal cannot be used, return an empty history and post ``HistoryUnread``.
    """
    try:
        return _journal(session, subject).read()
    except Problem as problem:
        post(m.HistoryUnread(problem))
        return UserHistory()


def recorded_history(session: Session, proof: Proof, post: Post) -> UserHistory:
    """Return what the journal of the user of ``proof`` records, for its report.

    If the journal cannot be used, return an empty history and post ``HistoryUnread``.
    """
    try:
        return history_of(session.store, proof.record)
    except Problem as problem:
        post(m.HistoryUnread(problem))
        return UserHistory()


def record_validation(
    session: Session, proof: Proof, subject: Subject, results: Sequence[CheckResult], post: Post
) -> bool:
    """Append to the journal of the user what the results of its checks prove, and the verdict.

    Return whether that succeeded. If that fails, post ``ProofKept``. A damaged journal was reported when the checks
    read it.
    """
    try:
        _journal(session, subject).append(validation_events(proof.record, results, session.clock.now()))
    except Exception as error:  # noqa: BLE001 - a full disk must not hide the results
        problem = as_problem(error)
        if problem.code != DAMAGED:
            post(m.ProofKept(problem))
        return False
    return True


def accept_devices(session: Session, proof: Proof, user_id: str, serials: Sequence[str], post: Post) -> None:
    """Append to the journal of the user that the operator accepted these MFA devices, and post ``DevicesAccepted``.

    ``user_id`` is the unique id of the IAM user, and ``serials`` are the serial numbers of the devices.
    """
    try:
        header = proof.record.header
        assert header is not None
        journal = UserJournal(session.store, header.account_id, str(header.request["user_name"]), header.place)
        journal.append([DeviceAccepted(session.clock.now(), user_id, serial, header.caller_arn) for serial in serials])
        post(m.DevicesAccepted(proof))
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        post(m.DevicesAccepted(proof, as_problem(error)))


def _journal(session: Session, subject: Subject) -> UserJournal:
    return UserJournal(session.store, subject.account.caller.account_id, subject.user_name, session.place)

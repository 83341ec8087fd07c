"""Functions that read and write the journal of a user: what checks proved by use, and which devices were accepted.

They read and write files, so ``ValidationController`` calls them in threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.user_history import DeviceAccepted, UserHistory
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.engine.user_journal import UserJournal, history_of, validation_events
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import Validation


def read_history(session: Session, subject: Subject, warn: Callable[[Problem], object]) -> UserHistory:
    """Return what the journal of the user records.

    If the journal cannot be used, return an empty history and call ``warn``.
    """
    try:
        return _journal(session, subject).read()
    except Problem as problem:
        warn(problem)
        return UserHistory()


def recorded_history(session: Session, validation: Validation, warn: Callable[[Problem], object]) -> UserHistory:
    """Return what the journal of the user of ``validation`` records, for its report.

    If the journal cannot be used, return an empty history and call ``warn``.
    """
    try:
        return history_of(session.journals.store, validation.record)
    except Problem as problem:
        warn(problem)
        return UserHistory()


def record_validation(
    session: Session, validation: Validation, subject: Subject, results: Sequence[CheckResult]
) -> Problem | None:
    """Append to the journal of the user what the results of its checks prove, and the verdict.

    Return why that failed.
    """
    try:
        _journal(session, subject).append(validation_events(validation.record, results, session.clock.now()))
    except Exception as error:  # noqa: BLE001 - a full disk must not hide the results
        return as_problem(error)
    return None


def accept_devices(session: Session, validation: Validation, user_id: str, serials: Sequence[str]) -> Problem | None:
    """Append to the journal of the user that the operator accepted these MFA devices. Return why that failed.

    ``user_id`` is the unique id of the IAM user, and ``serials`` are the serial numbers of the devices.
    """
    try:
        header = validation.record.header
        assert header is not None
        journal = UserJournal(session.journals.store, header.account_id, str(header.request["user_name"]), header.place)
        journal.append([DeviceAccepted(session.clock.now(), user_id, serial, header.caller_arn) for serial in serials])
    except Exception as error:  # noqa: BLE001 - the operator must see every error
        return as_problem(error)
    return None


def _journal(session: Session, subject: Subject) -> UserJournal:
    return UserJournal(
        session.journals.store, subject.account.caller.account_id, subject.user_name, session.connection.place
    )

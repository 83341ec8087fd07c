"""The validation of any user of the account: the list to select from, and the state of the new validation."""

from __future__ import annotations

from collections.abc import Iterable

from breakglass_tui.domain import rules
from breakglass_tui.domain.account import Account
from breakglass_tui.engine.known_user import KnownUser, known_user
from breakglass_tui.engine.standalone_validation import validation_record, validation_started
from breakglass_tui.settings import export_dir
from breakglass_tui.ui.dialogs.picker import PickItem
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation

GENERATED = "break-glass-"
"""The prefix of user names that this program generates."""
NO_NAME = "not a valid IAM user name"


def user_items(names: Iterable[str], own: str) -> tuple[PickItem, ...]:
    """Return the picker entries of the users ``names``. Names that IAM does not allow cannot be selected.

    The user ``own``, which this session's run created, comes first. Then follow users with generated names, then the
    others.
    """
    others = sorted((name for name in names if name != own), key=lambda name: (not name.startswith(GENERATED), name))
    mine = (PickItem(own, own, "created in this session"),) if own else ()
    return (*mine, *(PickItem(name, name, obstacle=_obstacle(name)) for name in others))


def read_user(session: Session, user_name: str) -> KnownUser:
    """Return what the journals of this machine record about the user. It reads files, so it runs in a thread."""
    connection = session.connection
    assert connection.caller is not None
    return known_user(session.journals.store, connection.caller.account_id, user_name, connection.place)


def user_validation(session: Session, known: KnownUser, origin: Phase) -> UserValidation:
    """Return the state of a new validation of the user ``known``. No check has run yet.

    ``origin`` is the phase to go back to. The report will be written to a directory of its own.
    """
    connection = session.connection
    assert connection.cloud is not None
    assert connection.caller is not None
    account = connection.account or Account(connection.caller, session.draft.region or connection.cloud.region)
    subject = known.subject(account)
    record, started = validation_record(subject), validation_started(subject, session.clock, connection.cloud)
    record.apply(started)
    directory = session.directory / export_dir(known.user_name, started.at, demo=connection.demo).name
    return UserValidation(record, subject=subject, directory=directory, origin=origin, clock=session.clock)


def _obstacle(name: str) -> str:
    try:
        rules.user_name(name)
    except ValueError:
        return NO_NAME
    return ""

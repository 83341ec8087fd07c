"""From a user name to its validation: which users can be picked, and what is recorded of one that was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from breakglass_tui.domain import rules
from breakglass_tui.domain.account import Account
from breakglass_tui.engine.standalone_validation import validation_record, validation_started
from breakglass_tui.settings import export_dir
from breakglass_tui.ui import messages as m
from breakglass_tui.ui.dialogs.picker import PickItem
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.proof import Visit
from breakglass_tui.ui.threads import Post

if TYPE_CHECKING:
    from breakglass_tui.engine.known_user import KnownUser

GENERATED = "break-glass-"
"""How the names begin that this program makes up."""
NO_NAME = "not the name of an IAM user"


def user_items(names: Iterable[str], own: str) -> tuple[PickItem, ...]:
    """The user of this session's run, then those whose names were made up here, then the others."""
    others = sorted((name for name in names if name != own), key=lambda name: (not name.startswith(GENERATED), name))
    mine = (PickItem(own, own, "made by this run"),) if own else ()
    return (*mine, *(PickItem(name, name, obstacle=_obstacle(name)) for name in others))


def read_user(session: Session, user_name: str, origin: Phase, post: Post) -> None:
    """Read what runs of this machine tell of the user; for a thread."""
    from breakglass_tui.engine.known_user import known_user

    assert session.caller is not None
    post(m.UserRead(origin, known_user(session.store, session.caller.account_id, user_name, demo=session.demo)))


def visit(session: Session, known: KnownUser, origin: Phase) -> Visit:
    """The validation of a user before its first check; its report gets a directory of its own."""
    assert session.cloud is not None
    assert session.caller is not None
    account = session.account or Account(session.caller, session.draft.region or session.cloud.region)
    subject = known.subject(account)
    record, started = validation_record(subject), validation_started(subject, session.clock, demo=session.demo)
    record.apply(started)
    directory = session.directory / export_dir(known.user_name, started.at, demo=session.demo).name
    return Visit(record, subject=subject, directory=directory, origin=origin, clock=session.clock)


def _obstacle(name: str) -> str:
    try:
        rules.user_name(name)
    except ValueError:
        return NO_NAME
    return ""

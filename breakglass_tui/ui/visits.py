"""From a user name to its validation: which users can be picked, and what is recorded of one that was."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from breakglass_tui.domain import rules
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunHeader, RunStarted
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.settings import export_dir
from breakglass_tui.ui.dialogs.picker import PickItem
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.proof import Visit

GENERATED = "break-glass-"
"""How the names begin that this program makes up."""
NO_NAME = "not the name of an IAM user"


def user_items(names: Iterable[str], own: str) -> tuple[PickItem, ...]:
    """The user of this session's run, then those whose names were made up here, then the others."""
    others = sorted((name for name in names if name != own), key=lambda name: (not name.startswith(GENERATED), name))
    mine = (PickItem(own, own, "made by this run"),) if own else ()
    return (*mine, *(PickItem(name, name, obstacle=_obstacle(name)) for name in others))


def visit(session: Session, user_name: str, origin: Phase) -> Visit:
    """The validation of ``user_name`` before its first check; its report gets a directory of its own."""
    assert session.cloud is not None
    assert session.caller is not None
    now, caller = session.clock.now(), session.caller
    account = session.account or Account(caller, session.draft.region or session.cloud.region)
    request = {"region": account.region, "user_name": user_name}
    header = RunHeader(secrets.token_hex(8), caller.account_id, caller.arn, account.region, session.demo, request)
    record = RunRecord()
    record.apply(RunStarted(now, header, ()))
    directory = session.directory / export_dir(user_name, now, demo=session.demo).name
    return Visit(record, user_name=user_name, account=account, directory=directory, origin=origin, clock=session.clock)


def _obstacle(name: str) -> str:
    try:
        rules.user_name(name)
    except ValueError:
        return NO_NAME
    return ""

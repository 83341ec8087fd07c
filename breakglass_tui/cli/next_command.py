"""The one line that must not be lost when a run leaves something open."""

from __future__ import annotations

from breakglass_tui.cli.options import Options
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Kind
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.seals import is_sealed

SECRETS = ("mfa-device", "login-profile", "access-key")
"""The steps that make a secret; without a seal, each shows it on a screen."""


def next_command(options: Options, record: RunRecord) -> list[str]:
    """How to go on with a run that has left something open; nothing for any other."""
    busy = record.problem is not None and record.problem.kind is Kind.BUSY
    if record.header is None or not is_open(record) or busy:
        return []
    undo = options.command("undo", record.header.id)
    if record.undoing:
        return [f"Go on removing it with: {undo}"]
    if needs_screen(record):
        return [f"Resume it in the app: {options.command()}   or remove it with: {undo}"]
    return [f"Resume with: {options.command('resume', record.header.id)}   or remove it with: {undo}"]


def unproven(options: Options, record: RunRecord) -> list[str]:
    """What to do about a user that is whole and whose validation was cut short."""
    if record.header is None:
        return []
    name = str(record.header.request.get("user_name", ""))
    prove = options.command("validate", "--user-name", name)
    return [f"All is made. Prove it with: {prove}   or remove it with: {options.command('undo', record.header.id)}"]


def is_open(record: RunRecord) -> bool:
    """Whether something was begun that is neither done nor removed again."""
    return bool(record.may_exist) and record.status in (RunStatus.INCOMPLETE, RunStatus.RUNNING)


def needs_screen(record: RunRecord) -> bool:
    """Whether going on would show a secret that nothing seals."""
    header = record.header
    if header is None or is_sealed(header.request):
        return False
    return any(open_step(record, id) for id in SECRETS)


def open_step(record: RunRecord, id: str) -> bool:
    """Whether going on would carry the step out: in a simulated account, which is a new one, it is each of them."""
    demo = record.header is not None and record.header.demo
    return id in record.steps and (demo or not record.steps[id].made)

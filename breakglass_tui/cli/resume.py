"""``resume``: go on with a run that an earlier process left unfinished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer
from breakglass_tui.cli.execution import execute
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.next_command import is_open, needs_screen, open_step
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import OPTION, missing
from breakglass_tui.cli.resume_failure import resume_failed, unchanged
from breakglass_tui.cli.reviewed_setup import assessed, writable
from breakglass_tui.cli.seal_options import use_known_passphrase
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import journals, stored_run
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunHeader, RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.passphrase_check import needs_passphrase
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret


def run_resume(options: Options, id: str, passphrase: Secret | None, *, as_json: bool) -> int:
    """Finish the run, or the removal it had begun, and prove the result; returns the published exit code.

    ``passphrase`` must be the one that the run has sealed with before, if it has.
    """
    terminal, store = Terminal(people, aloud=options.plain), journals(options)
    stored = _open_run(options, store, id, attached=terminal.attached())
    _refuse_passphrase(stored, terminal, passphrase)
    with Interrupts(people) as interrupts:
        command = CommandContext(options, terminal, interrupts, as_json)
        try:
            return _resumed(command, store, stored, passphrase)
        except KeyboardInterrupt:
            return unchanged(command, stored.record)
        except Problem as problem:
            return resume_failed(command, stored.record, problem)


def _resumed(command: CommandContext, store: RunStore, stored: StoredRun, passphrase: Secret | None) -> int:
    options, header = command.options, _header(stored)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(options) as connect,
        writable(Path(header.directory)),
    ):
        # Once more, now that no other process can be writing it.
        stored = _open_run(options, store, stored.id, attached=command.terminal.attached())
        cloud = connect()
        caller = cloud.identify()
        setup = resumed_setup(stored, Account(caller, header.region))
        try:
            use_known_passphrase(setup.vault, stored.record, caller, command.terminal, passphrase)
            if not stored.record.undoing:
                setup = replace(setup, account=assessed(cloud, header.region, caller))
            run = resumed_run(cloud, setup, stored, store, undo=False)
            return execute(
                cloud, setup, run, EventConsumer(stored.record, EventPrinter(command.terminal.aside)), command
            )
        finally:
            setup.vault.wipe()


def _open_run(options: Options, store: RunStore, id: str, *, attached: bool) -> StoredRun:
    """The run, if it can be gone on with here. Raises ``Problem``."""
    stored = stored_run(options, store, id)
    record = stored.record
    if not is_open(record):
        raise _nothing_open(options, stored)
    if record.undoing:
        return stored
    if needs_screen(record):
        raise usage(
            f"Going on with run {stored.id} would show a secret, and there is no screen here.",
            why="Its request has no seal: neither kms_key_id nor seal_to nor a passphrase.",
            next=f"Open the app and resume it there: {options.command()}",
        )
    if _header(stored).request.get("mfa") == "authenticator" and open_step(record, "mfa-device") and not attached:
        raise usage(
            f"Going on with run {stored.id} needs a terminal: there is a code to scan and two to type.",
            next=f"On a terminal: {options.command('resume', stored.id)}",
        )
    return stored


def _refuse_passphrase(stored: StoredRun, terminal: Terminal, passphrase: Secret | None) -> None:
    """Raises ``Problem`` for one that is missing, or that the run has no use for."""
    if passphrase is None and needs_passphrase(stored.record) and not terminal.attached():
        raise missing()
    if passphrase is not None and not _header(stored).request.get("seal_passphrase"):
        raise usage(f"Run {stored.id} is not sealed with a passphrase.", next=f"Go on with it without {OPTION}.")


def _nothing_open(options: Options, stored: StoredRun) -> Problem:
    undo = f"To remove what it made: {options.command('undo', stored.id)}"
    match stored.record:
        case RunRecord(status=RunStatus.DONE):
            return usage(f"Run {stored.id} is done: nothing of it is open.", next=undo)
        case RunRecord(status=RunStatus.UNDONE):
            return usage(f"Run {stored.id} was undone: nothing of it is open.")
        case _:
            return usage(f"Run {stored.id} ended before it had begun anything: nothing of it is open.")


def _header(stored: StoredRun) -> RunHeader:
    assert stored.record.header is not None
    return stored.record.header

"""``resume``: go on with a run that an earlier process left unfinished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.carry_out import carry_out
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.exits import usage
from breakglass_tui.cli.journals import journals, past_run
from breakglass_tui.cli.left import could_not_begin, left_as_it_was
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase import OPTION, missing
from breakglass_tui.cli.prepare import assessed, writable
from breakglass_tui.cli.sealing import keep_again
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import people
from breakglass_tui.cli.telling import Seat, Telling
from breakglass_tui.cli.way_on import is_open, needs_screen, open_step
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunHeader, RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.compose import run_again, setup_again
from breakglass_tui.engine.same_passphrase import needs_passphrase
from breakglass_tui.engine.store import PastRun, RunStore
from breakglass_tui.plain.narrator import Narrator
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret


def run_resume(options: Options, id: str, passphrase: Secret | None, *, as_json: bool) -> int:
    """Finish the run, or the removal it had begun, and prove the result; returns the published exit code.

    ``passphrase`` must be the one that the run has sealed with before, if it has.
    """
    terminal, store = Terminal(people, aloud=options.plain), journals(options)
    past = _open_run(options, store, id, attached=terminal.attached())
    _refuse_passphrase(past, terminal, passphrase)
    with Interrupts(people) as interrupts:
        seat = Seat(options, terminal, interrupts, as_json)
        try:
            return _resumed(seat, store, past, passphrase)
        except KeyboardInterrupt:
            return left_as_it_was(seat, past.record)
        except Problem as problem:
            return could_not_begin(seat, past.record, problem)


def _resumed(seat: Seat, store: RunStore, past: PastRun, passphrase: Secret | None) -> int:
    options, header = seat.options, _header(past)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(options) as connect,
        writable(Path(header.directory)),
    ):
        # Once more, now that no other process can be writing it.
        past = _open_run(options, store, past.id, attached=seat.terminal.attached())
        cloud = connect()
        caller = cloud.identify()
        setup = setup_again(past, Account(caller, header.region))
        try:
            keep_again(setup.vault, past.record, caller, seat.terminal, passphrase)
            if not past.record.undoing:
                setup = replace(setup, account=assessed(cloud, header.region, caller))
            run = run_again(cloud, setup, past, store, undo=False)
            return carry_out(cloud, setup, run, Telling(past.record, Narrator(seat.terminal.aside)), seat)
        finally:
            setup.vault.wipe()


def _open_run(options: Options, store: RunStore, id: str, *, attached: bool) -> PastRun:
    """The run, if it can be gone on with here. Raises ``Problem``."""
    past = past_run(options, store, id)
    record = past.record
    if not is_open(record):
        raise _nothing_open(options, past)
    if record.undoing:
        return past
    if needs_screen(record):
        raise usage(
            f"Going on with run {past.id} would show a secret, and there is no screen here.",
            why="Its request has no seal: neither kms_key_id nor seal_to nor a passphrase.",
            next=f"Open the app and resume it there: {options.command()}",
        )
    if _header(past).request.get("mfa") == "authenticator" and open_step(record, "mfa-device") and not attached:
        raise usage(
            f"Going on with run {past.id} needs a terminal: there is a code to scan and two to type.",
            next=f"On a terminal: {options.command('resume', past.id)}",
        )
    return past


def _refuse_passphrase(past: PastRun, terminal: Terminal, passphrase: Secret | None) -> None:
    """Raises ``Problem`` for one that is missing, or that the run has no use for."""
    if passphrase is None and needs_passphrase(past.record) and not terminal.attached():
        raise missing()
    if passphrase is not None and not _header(past).request.get("seal_passphrase"):
        raise usage(f"Run {past.id} is not sealed with a passphrase.", next=f"Go on with it without {OPTION}.")


def _nothing_open(options: Options, past: PastRun) -> Problem:
    undo = f"To remove what it made: {options.command('undo', past.id)}"
    match past.record:
        case RunRecord(status=RunStatus.DONE):
            return usage(f"Run {past.id} is done: nothing of it is open.", next=undo)
        case RunRecord(status=RunStatus.UNDONE):
            return usage(f"Run {past.id} was undone: nothing of it is open.")
        case _:
            return usage(f"Run {past.id} ended before it had begun anything: nothing of it is open.")


def _header(past: PastRun) -> RunHeader:
    assert past.record.header is not None
    return past.record.header

"""``resume``: continue a run that an earlier process left unfinished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.aws_state import require_not_cut
from breakglass_tui.cli.command_words import PASSPHRASE_FD, REQUEST_FILE
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.execution import run_and_validate
from breakglass_tui.cli.last_line import AFTER_THE_FIX, Ending
from breakglass_tui.cli.next_command import is_unfinished, needs_screen, runs_step
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.output_directory import writable
from breakglass_tui.cli.passphrase_input import missing_passphrase
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.resume_failure import not_started, unchanged
from breakglass_tui.cli.reviewed_setup import assess_account
from breakglass_tui.cli.seal_options import store_known_passphrase
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import find_run, run_store
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.passphrase_check import needs_passphrase
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret


def run_resume(options: Options, id: str, passphrase: Secret | None, *, as_json: bool) -> Ending:
    """Finish the run and validate the user, or finish the removal that had started.

    ``passphrase`` must be the one that the run has sealed with so far, if it has.
    """
    terminal, store = Terminal(to_stderr, aloud=options.plain), run_store(options)
    stored = _resumable_run(options, store, id, attached=terminal.attached())
    _require_passphrase(options, stored, terminal, passphrase)
    with Interrupts(to_stderr) as interrupts:
        context = CommandContext(options, terminal, interrupts, as_json)
        try:
            return _resume(context, store, stored, passphrase)
        except KeyboardInterrupt:
            return unchanged(context, stored.record, "Interrupted")
        except Problem as problem:
            return not_started(context, stored.record, problem)


def _resume(context: CommandContext, store: RunStore, stored: StoredRun, passphrase: Secret | None) -> Ending:
    options, header = context.options, _header(stored)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(options) as connect,
        writable(Path(header.directory), resumed=True),
    ):
        # The journal is read again, now that no other process can write to it.
        stored = _resumable_run(options, store, stored.id, attached=context.terminal.attached())
        cloud = connect()
        caller = cloud.identify()
        signer = choose_signer(options, cloud, context.terminal)
        setup = resumed_setup(stored, Account(caller, header.region), signer=signer)
        try:
            store_known_passphrase(setup.vault, stored.record, caller, context.terminal, passphrase)
            if not stored.record.undoing:
                setup = replace(setup, account=assess_account(cloud, header.region, caller))
            run = resumed_run(cloud, setup, stored, store, undo=False)
            consumer = EventConsumer(stored.record, EventPrinter(context.terminal.write_message))
            return run_and_validate(cloud, setup, run, consumer, context, again=_new_run(options))
        finally:
            setup.vault.wipe()


def _new_run(options: Options) -> Ending:
    """Return the ending to use if the resumed run is rolled back. Its command starts a new run."""
    return Ending(ExitCode.UNDONE, "", AFTER_THE_FIX, options.command("apply", "--request", REQUEST_FILE))


def _resumable_run(options: Options, store: RunStore, id: str, *, attached: bool) -> StoredRun:
    """Return the run whose id begins with ``id``. Raises ``Problem`` if it cannot be resumed in this process.

    ``attached`` means that there is a terminal.
    """
    stored = find_run(options, store, id)
    record = stored.record
    if not is_unfinished(record):
        require_not_cut(options, stored)
        raise _nothing_to_resume(options, stored)
    if record.undoing:
        return stored
    if needs_screen(record):
        raise usage(
            f"Run {stored.id} needs a screen: it would show a secret.",
            why="Its request has no seal: no kms_key_id, no seal_to and no passphrase.",
            next="Resume it in the app with",
            command=options.command(),
        )
    if _header(stored).request.get("mfa") == "authenticator" and runs_step(record, "mfa-device") and not attached:
        raise usage(
            f"Run {stored.id} needs a terminal.",
            why="It shows a QR code for the authenticator and asks for two codes.",
            next="On a terminal, run",
            command=options.command("resume", stored.id),
        )
    return stored


def _require_passphrase(options: Options, stored: StoredRun, terminal: Terminal, passphrase: Secret | None) -> None:
    """Raise ``Problem`` if the run needs a passphrase that cannot be asked for, or if it does not use the one given."""
    if passphrase is None and needs_passphrase(stored.record) and not terminal.attached():
        raise missing_passphrase(options.command("resume", stored.id))
    if passphrase is not None and not _header(stored).request.get("seal_passphrase"):
        raise usage(
            f"Run {stored.id} is not sealed with a passphrase.",
            next=f"Resume it without {PASSPHRASE_FD}",
            command=options.command("resume", stored.id),
        )


def _nothing_to_resume(options: Options, stored: StoredRun) -> Problem:
    if stored.record.status is RunStatus.DONE:
        return usage(
            f"Run {stored.id} is done. There is nothing to resume.",
            next="To remove its resources, run",
            command=options.command("undo", stored.id),
        )
    how = "was removed" if stored.record.status is RunStatus.UNDONE else "created nothing"
    return usage(
        f"Run {stored.id} {how}. There is nothing to resume.",
        next="List the runs with",
        command=options.command("runs"),
    )


def _header(stored: StoredRun) -> RunHeader:
    assert stored.record.header is not None
    return stored.record.header

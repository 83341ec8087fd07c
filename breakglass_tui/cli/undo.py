"""``undo``: remove what a run created."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.aws_state import observe_run, require_not_cut
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer, consume_events
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.execution import write_results
from breakglass_tui.cli.last_line import Ending, removal_ending
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.resume_failure import not_started, unchanged
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import find_run, run_store
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import account_label, problem_lines
from breakglass_tui.report.recorded_envelopes import NAME as REPORT_NAME
from breakglass_tui.ui.widgets.resource_lines import removal_lines

ORDER = "To be removed, in this order:"
NO_RESOURCE = "No resource of it is known. The removal reads AWS again, and then closes the run."


def run_undo(options: Options, id: str, *, yes: bool, as_json: bool) -> Ending:
    """Show what AWS has of the run, ask for consent, and remove it.

    The exit code is 0 if nothing is left, and 6 otherwise.
    """
    terminal, store = Terminal(to_stderr), run_store(options)
    stored = find_run(options, store, id)
    if stored.record.may_exist and not yes and not terminal.attached():
        raise usage(
            "The command needs a terminal to ask for your consent.",
            why="stdin or stderr is not a terminal.",
            next="To remove without a question, run",
            command=options.command("undo", stored.id, "--yes"),
        )
    with Interrupts(to_stderr) as interrupts:
        context = CommandContext(options, terminal, interrupts, as_json)
        try:
            return _undo(context, store, stored, yes=yes)
        except KeyboardInterrupt:
            return unchanged(context, stored.record, "Interrupted", repeat=True)
        except Problem as problem:
            return not_started(context, stored.record, problem, repeat=True)


def _undo(context: CommandContext, store: RunStore, stored: StoredRun, *, yes: bool) -> Ending:
    if not stored.record.may_exist:
        require_not_cut(context.options, stored)
        return _nothing_to_remove(context, stored)
    header = _header(stored)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(context.options) as connect,
    ):
        # The journal is read again, now that no other process can write to it.
        stored = find_run(context.options, store, stored.id)
        if not stored.record.may_exist:
            return _nothing_to_remove(context, stored)
        cloud = connect()
        caller = cloud.identify()
        to_stderr(*_removal_lines(cloud, caller, stored))
        if not yes and not context.terminal.confirm(f"Remove all of this from {_account(cloud, caller)}?"):
            return unchanged(context, stored.record, "Cancelled")
        setup = resumed_setup(stored, Account(caller, header.region))
        signer = choose_signer(context.options, cloud, context.terminal)
        return _remove(resumed_run(cloud, setup, stored, store, undo=True), stored, context, signer)


def _remove(run: Run, stored: StoredRun, context: CommandContext, signer: EvidenceSigner | None) -> Ending:
    """Run the undo and write its evidence. A key that cannot sign does not keep anything in AWS."""
    consumer = EventConsumer(stored.record)
    record = consumer.record
    error = consume_events(run, consumer, context)
    for problem in (record.problem, error):
        to_stderr(*(problem_lines(problem) if problem else ()))
    directory = _directory_with_report(stored) if record.status is RunStatus.UNDONE else None
    store = run_store(context.options)
    output = write_results(record, directory, as_json=context.as_json, store=store, signer=signer)
    printer = consumer.printer
    return removal_ending(context.options, record, output, not_found=printer.not_found, removed=printer.removed)


def _directory_with_report(stored: StoredRun) -> Path | None:
    """Return the directory of the run if it has a report, which needs a later one that says that the user is gone."""
    directory = Path(_header(stored).directory)
    return directory if (directory / REPORT_NAME).is_file() else None


def _nothing_to_remove(context: CommandContext, stored: StoredRun) -> Ending:
    output = write_results(stored.record, None, as_json=context.as_json, store=run_store(context.options))
    ending = removal_ending(context.options, stored.record, output)
    return Ending(ending.code, f"{ending.how} There was nothing to remove.")


def _removal_lines(cloud: Cloud, caller: Caller, stored: StoredRun) -> list[str]:
    """Return the lines that list the resources to remove, in the order of the removal."""
    name = show(str(_header(stored).request.get("user_name", "")))
    head = f"Run {stored.id}: emergency user {name} in {_account(cloud, caller)}."
    resources = [f"  {line}" for line in removal_lines(stored.record, observe_run(cloud, caller, stored))]
    return [f"{head} {ORDER if resources else NO_RESOURCE}", *resources, ""]


def _account(cloud: Cloud, caller: Caller) -> str:
    return account_label(caller.account_id, caller.alias, cloud.place)


def _header(stored: StoredRun) -> RunHeader:
    assert stored.record.header is not None
    return stored.record.header

"""``undo``: remove what a run of an earlier process made."""

from __future__ import annotations

from breakglass_tui.cli.aws_state import observed_now
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer, follow
from breakglass_tui.cli.execution import conclude
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.next_command import next_command
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.resume_failure import resume_failed, unchanged
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import journals, stored_run
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.events import RunHeader, RunStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.plain.run_history import step_lines
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import account_label, problem_lines


def run_undo(options: Options, id: str, *, yes: bool, as_json: bool) -> int:
    """Show what is there, ask, and remove it; exit 0 when nothing is left and 6 when something is."""
    terminal, store = Terminal(people), journals(options)
    stored = stored_run(options, store, id)
    if stored.record.may_exist and not yes and not terminal.attached():
        raise usage(
            "There is no terminal to ask on.",
            next=f"Look at what is there with: {options.command('runs')}; then add --yes to undo.",
        )
    with Interrupts(people) as interrupts:
        command = CommandContext(options, terminal, interrupts, as_json)
        try:
            return _undone(command, store, stored, yes=yes)
        except KeyboardInterrupt:
            return unchanged(command, stored.record)
        except Problem as problem:
            return resume_failed(command, stored.record, problem)


def _undone(command: CommandContext, store: RunStore, stored: StoredRun, *, yes: bool) -> int:
    if not stored.record.may_exist:
        return _nothing_there(command, stored)
    header = _header(stored)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(command.options) as connect,
    ):
        # Once more, now that no other process can be writing it.
        stored = stored_run(command.options, store, stored.id)
        if not stored.record.may_exist:
            return _nothing_there(command, stored)
        cloud = connect()
        caller = cloud.identify()
        people(*_shown(cloud, caller, stored))
        if not yes and not command.terminal.agrees(f"Remove all of it from {_place(cloud, caller)}?"):
            return unchanged(command, stored.record)
        setup = resumed_setup(stored, Account(caller, header.region))
        return _removed(resumed_run(cloud, setup, stored, store, undo=True), stored, command)


def _removed(run: Run, stored: StoredRun, command: CommandContext) -> int:
    consumer = EventConsumer(stored.record)
    record = consumer.record
    trouble = follow(run, consumer, command)
    for problem in (record.problem, trouble):
        people(*(problem_lines(problem) if problem else ()))
    gone = record.status is RunStatus.UNDONE
    ended = ExitCode.DONE if gone else ExitCode.INCOMPLETE
    code = conclude(record, None, ended, as_json=command.as_json, store=journals(command.options))
    people(*(["Nothing of it is left."] if gone else next_command(command.options, record)))
    return code


def _nothing_there(command: CommandContext, stored: StoredRun) -> int:
    people(f"Nothing of run {stored.id} is left: there is nothing to remove.")
    return conclude(stored.record, None, ExitCode.DONE, as_json=command.as_json, store=journals(command.options))


def _shown(cloud: Cloud, caller: Caller, stored: StoredRun) -> list[str]:
    """What will be removed, the last first, as the journal and AWS have it."""
    name = show(str(_header(stored).request.get("user_name", "")))
    head = f"Run {stored.id}: emergency user {name} in {_place(cloud, caller)}. To be removed, the last first:"
    seen = observed_now(cloud, caller, stored)
    return [head, *(f"  {line}" for line in step_lines(list(reversed(stored.record.may_exist)), seen)), ""]


def _place(cloud: Cloud, caller: Caller) -> str:
    return account_label(caller.account_id, caller.alias, demo=cloud.demo)


def _header(stored: StoredRun) -> RunHeader:
    assert stored.record.header is not None
    return stored.record.header

"""``undo``: remove what a run of an earlier process made."""

from __future__ import annotations

from breakglass_tui.cli.carry_out import conclude
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.exits import usage
from breakglass_tui.cli.journals import journals, past_run
from breakglass_tui.cli.left import could_not_begin, left_as_it_was
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.seeing import seen_now
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import people
from breakglass_tui.cli.telling import Seat, Telling, follow
from breakglass_tui.cli.way_on import way_on
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.events import RunHeader, RunStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import run_again, setup_again
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.store import PastRun, RunStore
from breakglass_tui.plain.history import step_lines
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import account_label, problem_lines


def run_undo(options: Options, id: str, *, yes: bool, as_json: bool) -> int:
    """Show what is there, ask, and remove it; exit 0 when nothing is left and 6 when something is."""
    terminal, store = Terminal(people), journals(options)
    past = past_run(options, store, id)
    if past.record.begun and not yes and not terminal.attached():
        raise usage(
            "There is no terminal to ask on.",
            next=f"Look at what is there with: {options.command('runs')}; then add --yes to undo.",
        )
    with Interrupts(people) as interrupts:
        seat = Seat(options, terminal, interrupts, as_json)
        try:
            return _undone(seat, store, past, yes=yes)
        except KeyboardInterrupt:
            return left_as_it_was(seat, past.record)
        except Problem as problem:
            return could_not_begin(seat, past.record, problem)


def _undone(seat: Seat, store: RunStore, past: PastRun, *, yes: bool) -> int:
    if not past.record.begun:
        return _nothing_there(seat, past)
    header = _header(past)
    with (
        store.claim(header.account_id, str(header.request.get("user_name", ""))),
        Connector(seat.options) as connect,
    ):
        # Once more, now that no other process can be writing it.
        past = past_run(seat.options, store, past.id)
        if not past.record.begun:
            return _nothing_there(seat, past)
        cloud = connect()
        caller = cloud.identify()
        people(*_shown(cloud, caller, past))
        if not yes and not seat.terminal.agrees(f"Remove all of it from {_place(cloud, caller)}?"):
            return left_as_it_was(seat, past.record)
        setup = setup_again(past, Account(caller, header.region))
        return _removed(run_again(cloud, setup, past, store, undo=True), past, seat)


def _removed(run: Run, past: PastRun, seat: Seat) -> int:
    telling = Telling(past.record)
    record = telling.record
    trouble = follow(run, telling, seat)
    for problem in (record.problem, trouble):
        people(*(problem_lines(problem) if problem else ()))
    gone = record.status is RunStatus.UNDONE
    ended = ExitCode.DONE if gone else ExitCode.INCOMPLETE
    code = conclude(record, None, ended, as_json=seat.as_json, store=journals(seat.options))
    people(*(["Nothing of it is left."] if gone else way_on(seat.options, record)))
    return code


def _nothing_there(seat: Seat, past: PastRun) -> int:
    people(f"Nothing of run {past.id} is left: there is nothing to remove.")
    return conclude(past.record, None, ExitCode.DONE, as_json=seat.as_json, store=journals(seat.options))


def _shown(cloud: Cloud, caller: Caller, past: PastRun) -> list[str]:
    """What will be removed, the last first, as the journal and AWS have it."""
    name = show(str(_header(past).request.get("user_name", "")))
    head = f"Run {past.id}: emergency user {name} in {_place(cloud, caller)}. To be removed, the last first:"
    seen = seen_now(cloud, caller, past)
    return [head, *(f"  {line}" for line in step_lines(list(reversed(past.record.begun)), seen)), ""]


def _place(cloud: Cloud, caller: Caller) -> str:
    return account_label(caller.account_id, caller.alias, demo=cloud.demo)


def _header(past: PastRun) -> RunHeader:
    assert past.record.header is not None
    return past.record.header

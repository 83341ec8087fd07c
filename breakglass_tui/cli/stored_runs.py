"""What this machine stores: the journals of runs, the journals of users, and the verdicts of validations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.removal_by_hand import with_removal_commands
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.engine.user_journal import record_validation
from breakglass_tui.engine.verdict_store import VerdictStore, verdict_to_save
from breakglass_tui.plain.words import problem_lines
from breakglass_tui.settings import runs_root


def run_store(options: Options) -> RunStore:
    """Return the store of the real or simulated runs. Does not read or write files."""
    return _store(runs_root(demo=options.demo))


@cache
def _store(root: Path) -> RunStore:
    """Return the store for ``root``, always the same object, because it knows which locks this process holds."""
    return RunStore(root)


def save_verdict(options: Options, record: RunRecord) -> None:
    """Save the verdict for the start screen.

    An error is printed and has no other effect, because this is not evidence.
    """
    verdict = verdict_to_save(record, SystemClock().now())
    if verdict is None or options.demo:
        return  # a simulated account ends with its process
    try:
        VerdictStore(runs_root(demo=False)).save(verdict)
    except Problem as problem:
        to_stderr(*problem_lines(problem))


def save_validation(store: RunStore, record: RunRecord) -> None:
    """Record in the user's journal what a validation proved, and its verdict.

    An error is printed and has no other effect.
    """
    try:
        record_validation(store, record, SystemClock().now())
    except Problem as problem:
        to_stderr(*problem_lines(problem))


def find_run(options: Options, store: RunStore, id: str) -> StoredRun:
    """Return the run whose id begins with ``id``.

    Raises ``Problem`` if no run or several runs match, or if the journal is damaged.
    """
    try:
        stored = store.find(id)
    except Problem as problem:
        if problem.code != "NoSuchRun":
            raise
        raise _no_such_run(options, store, id, problem) from None
    damage = with_removal_commands(options, stored).problem
    if damage is not None:
        raise damage
    return stored


def _no_such_run(options: Options, store: RunStore, id: str, problem: Problem) -> Problem:
    other = replace(options, demo=not options.demo)
    if _is_run(other, id):
        what = f"The run {show(id)} is {'not ' if options.demo else ''}a run of the demo."
        why = "The option --demo selects the runs of the demo."
        return usage(what, why=why, next="List the runs with", command=other.command("runs"))
    why = _runs_of_user(store, id) or problem.why
    return usage(problem.what, why=why, next="List the runs with", command=options.command("runs"))


def _runs_of_user(store: RunStore, name: str) -> str:
    """Return a sentence with the runs of the user if ``name`` is a user name, else ""."""
    ids = [run.id for run in store.runs() if run.header is not None and run.user_name == name]
    return f"This is the name of a user. Its runs: {', '.join(map(show, ids))}." if name and ids else ""


def _is_run(options: Options, id: str) -> bool:
    try:
        run_store(options).find(id)
    except Problem:
        return False
    return True

"""What this machine keeps: the journals of this user's runs, real or simulated, and the verdicts of proofs."""

from __future__ import annotations

from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.engine.verdict_store import VerdictStore, verdict_to_save
from breakglass_tui.plain.words import NAME, problem_lines
from breakglass_tui.settings import runs_root


def journals(options: Options) -> RunStore:
    """The store of the account that these options speak of; touches no disk."""
    return RunStore(runs_root(demo=options.demo))


def save_verdict(options: Options, record: RunRecord) -> None:
    """Remember the verdict for the start screen. It is news only: what cannot be kept is told and changes nothing."""
    proof = verdict_to_save(record, SystemClock().now())
    if proof is None or options.demo:
        return  # a simulated account is gone with its process
    try:
        VerdictStore(runs_root(demo=False)).save(proof)
    except Problem as problem:
        people(*problem_lines(problem))


def stored_run(options: Options, store: RunStore, id: str) -> StoredRun:
    """The run whose id begins with ``id``. Raises ``Problem`` if there is not one, or its journal is damaged."""
    try:
        stored = store.find(id)
    except Problem as problem:
        if problem.code != "NoSuchRun":
            raise
        why = _known_as(store, id) or problem.why
        next = _elsewhere(options, id) or f"List the runs with: {options.command('runs')}"
        raise usage(problem.what, why=why, next=next) from None
    if stored.problem is not None:
        raise stored.problem
    return stored


def _known_as(store: RunStore, name: str) -> str:
    """What to say where somebody gave the name of a user in place of the run's id."""
    headers = [stored.record.header for stored in store.runs()]
    ids = [header.id for header in headers if header is not None and header.request.get("user_name") == name]
    return f"It is the name of a user; the runs that made it: {', '.join(map(show, ids))}." if name and ids else ""


def _elsewhere(options: Options, id: str) -> str:
    """What to say of a run that is simulated, where a real one is asked for, or the other way round."""
    try:
        RunStore(runs_root(demo=not options.demo)).find(id)
    except Problem:
        return ""
    if options.demo:
        return "It is no simulated run: leave out --demo."
    return f"It is a simulated run: put --demo before the command. Simulated runs: {NAME} --demo runs"

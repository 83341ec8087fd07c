"""``runs``: list the runs that left a journal on this machine, and what AWS still has of the unfinished ones."""

from __future__ import annotations

from collections.abc import Sequence

from breakglass_tui.cli.aws_state import judged, observe_run, shows_no_step
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.next_command import next_command, next_lines
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.removal_by_hand import with_removal_commands
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.cli.streams import to_stderr, to_stdout
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.engine.listed_run import ListedRun, listed_run
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.plain.run_history import run_document, run_lines
from breakglass_tui.report.markdown import LONGEST

Observed = dict[str, dict[str, ObservedState]]
"""Maps run ids to step ids to observed states."""


def run_runs(options: Options, *, as_json: bool) -> Ending:
    """Print the runs, unfinished ones first, then the newest first.

    Only reads AWS, and reports on stderr what could not be read.
    """
    runs = run_store(options).runs()
    stored_runs = [run.stored for run in runs if run.stored is not None]
    observed = _observe(options, [stored for stored in stored_runs if not stored.finished or shows_no_step(stored)])
    judged_runs = [run if run.stored is None else _judged(options, run.stored, observed) for run in runs]
    ordered = sorted(judged_runs, key=lambda run: run.finished and run.problem is None)
    if as_json:
        document = [run_document(run, observed.get(run.id, {})) for run in ordered]
        to_stdout(json_text({"schema_version": 1, "runs": document}))
    else:
        to_stdout(*(line for run in ordered for line in _lines(options, run, observed)))
    return _ending(options, ordered)


def _judged(options: Options, stored: StoredRun, observed: Observed) -> ListedRun:
    return listed_run(with_removal_commands(options, judged(options, stored, observed.get(stored.id, {}))))


def _lines(options: Options, run: ListedRun, observed: Observed) -> list[str]:
    """Return a run as text, with the commands that remove and continue it."""
    usable = run.stored is not None and run.problem is None
    commands = next_lines(options, run.stored.record) if run.stored is not None and usable else []
    return [*run_lines(run, observed.get(run.id, {})), *(f"  {line}" for line in commands)]


def _ending(options: Options, runs: Sequence[ListedRun]) -> Ending:
    if not runs:
        return Ending(ExitCode.DONE, f"Done: this machine has no {'simulated ' if options.demo else ''}runs.")
    unfinished = [run.stored for run in runs if run.stored is not None and not run.finished and run.problem is None]
    damaged = sum(run.problem is not None for run in runs)
    counts = [f"{len(runs)} {'run' if len(runs) == 1 else 'runs'}"]
    counts += [f"{len(unfinished)} unfinished" if unfinished else "nothing unfinished"]
    counts += [f"{damaged} damaged"] if damaged else []
    how = f"Done: {', '.join(counts)}."
    if options.demo and unfinished:
        one = len(unfinished) == 1
        whose = "Its simulated account ended with its process" if one else "Their simulated accounts have ended"
        return Ending(ExitCode.DONE, f"{how} {whose}.")
    command = next_command(options, unfinished[0].record) if unfinished else None
    return Ending(ExitCode.DONE, how, *(command or ()))


def _observe(options: Options, runs: Sequence[StoredRun]) -> Observed:
    """Return what AWS has of each run in ``runs``. If AWS cannot be asked about a run, print why."""
    observed: Observed = {}
    unfinished = [stored for stored in runs if stored.problem is None]
    if not unfinished:
        return observed  # without a run to ask about, no connection and no log are opened
    try:
        with Connector(options) as connect:
            cloud = connect()
            caller = cloud.identify()
            for stored in unfinished:
                try:
                    observed[stored.id] = observe_run(cloud, caller, stored)
                except Problem as problem:
                    to_stderr(show(f"AWS was not asked about run {stored.id}. {problem}", LONGEST))
    except Problem as problem:
        to_stderr(show(f"AWS was not asked. {problem}", LONGEST))
    return observed

"""``runs``: every run that left a journal here, and what AWS says now of those that left something open."""

from __future__ import annotations

from collections.abc import Sequence

from breakglass_tui.cli.aws_state import observed_now
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.next_command import next_command
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.stored_runs import journals
from breakglass_tui.cli.streams import data, people
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.engine.run_store import StoredRun
from breakglass_tui.plain.run_history import run_document, run_lines
from breakglass_tui.report.markdown import LONGEST

Seen = dict[str, dict[str, ObservedState]]


def run_runs(options: Options, *, as_json: bool) -> int:
    """Print the runs, what is open first; only reads, and what cannot be asked is said on stderr."""
    runs = sorted(journals(options).runs(), key=lambda stored: stored.finished and stored.problem is None)
    seen = _seen(options, [stored for stored in runs if not stored.finished and stored.problem is None])
    if as_json:
        document = [run_document(stored, seen.get(stored.id, {})) for stored in runs]
        data(json_text({"schema_version": 1, "runs": document}))
        return ExitCode.DONE
    for stored in runs:
        on = next_command(options, stored.record) if stored.problem is None else []
        data(*run_lines(stored, seen.get(stored.id, {})), *(f"  {line}" for line in on))
    if not runs:
        people(f"No {'simulated ' if options.demo else ''}run has left a journal here.")
    return ExitCode.DONE


def _seen(options: Options, unfinished: Sequence[StoredRun]) -> Seen:
    """What AWS says of ``unfinished``; says itself why of some it says nothing."""
    seen: Seen = {}
    if not unfinished:
        return seen  # nothing to ask; and where there is no journal, no log is begun either
    try:
        with Connector(options) as connect:
            cloud = connect()
            caller = cloud.identify()
            for stored in unfinished:
                try:
                    seen[stored.id] = observed_now(cloud, caller, stored)
                except Problem as problem:
                    people(show(f"AWS was not asked about run {stored.id}. {problem}", LONGEST))
    except Problem as problem:
        people(show(f"AWS was not asked. {problem}", LONGEST))
    return seen

"""Run, validation and report, told line by line."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import data, json_text, people
from breakglass_tui.domain import events as e
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import new_run, subject_of
from breakglass_tui.engine.inspection import Inspection
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.store import RunStore
from breakglass_tui.plain.narrator import Narrator
from breakglass_tui.plain.operator import Operator
from breakglass_tui.plain.results import result_lines
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import problem_lines
from breakglass_tui.report.document import report_document
from breakglass_tui.report.export import export


class Telling:
    """Folds and tells every event."""

    def __init__(self) -> None:
        self.record = RunRecord()
        self._narrator = Narrator(people)

    def take(self, event: e.Event) -> None:
        """One more event."""
        self.record.apply(event)
        self._narrator.tell(event)


def carry_out(
    cloud: Cloud, setup: Setup, store: RunStore, terminal: Terminal, interrupts: Interrupts, *, as_json: bool
) -> int:
    """Make it, hold it against AWS, write it down; returns the published exit code."""
    telling = Telling()
    record = telling.record
    _make(new_run(cloud, setup, store), telling, terminal, interrupts)
    if record.problem is not None:
        people(*problem_lines(record.problem))
    made = record.status is e.RunStatus.DONE
    if made:
        inspection = Inspection(cloud.checks(subject_of(setup, record)))
        interrupts.to(inspection.stop)
        for event in inspection.events():
            telling.take(event)
    code = ExitCode.INCOMPLETE if made and interrupts.hit else exit_of(record)
    return conclude(record, setup.envelopes.directory, code, as_json=as_json)


def conclude(record: RunRecord, directory: Path | None, code: ExitCode, *, as_json: bool) -> int:
    """Write the report, if anywhere, and print the result; a report that cannot be written never hides the result."""
    written: tuple[Path, ...] = ()
    try:
        written = export(record, directory) if directory else ()
    except Problem as problem:
        people(*problem_lines(problem))
        code = code or ExitCode.UNEXPECTED
    if as_json:
        data(json_text(report_document(record, directory)))
    else:
        data(*result_lines(record, written))
    return code


def _make(run: Run, telling: Telling, terminal: Terminal, interrupts: Interrupts) -> None:
    operator = Operator(terminal, run)
    interrupts.to(lambda: run.stop("keep"))
    for event in run.events():
        telling.take(event)
        if isinstance(event, e.Asked):
            operator.ask(event)
        elif isinstance(event, (e.UndoStarted, e.RunFinished)):
            terminal.close()

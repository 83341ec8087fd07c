"""Run, validation and report, told line by line."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer, follow
from breakglass_tui.cli.next_command import next_command, unproven
from breakglass_tui.cli.stored_runs import journals, save_verdict
from breakglass_tui.cli.streams import data, people
from breakglass_tui.domain import events as e
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import subject_of
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.plain.results import result_lines
from breakglass_tui.plain.words import problem_lines
from breakglass_tui.report.export import evidence, write
from breakglass_tui.report.junit import junit
from breakglass_tui.report.report_document import report_document


def execute(cloud: Cloud, setup: Setup, run: Run, consumer: EventConsumer, command: CommandContext) -> int:
    """Make it, hold it against AWS, write it down; returns the published exit code."""
    record = consumer.record
    trouble = follow(run, consumer, command)
    made = record.status is e.RunStatus.DONE
    if made and trouble is None:
        trouble = _proven(cloud, setup, consumer, command)
    for problem in (record.problem, trouble):
        people(*(problem_lines(problem) if problem else ()))
    cut_short = made and (trouble is not None or command.interrupts.hit)
    if made and not cut_short:
        save_verdict(command.options, record)
    ended = exit_after(record, trouble, cut_short=cut_short)
    code = conclude(record, setup.envelopes.directory, ended, as_json=command.as_json, store=journals(command.options))
    people(*(unproven(command.options, record) if cut_short else next_command(command.options, record)))
    return code


def exit_after(record: RunRecord, trouble: Problem | None, *, cut_short: bool) -> ExitCode:
    """The exit code of a run that something in this process may have cut short."""
    if trouble is not None and not record.may_exist:
        return ExitCode.UNEXPECTED
    return ExitCode.INCOMPLETE if cut_short else exit_of(record)


def conclude(
    record: RunRecord,
    directory: Path | None,
    code: int,
    *,
    as_json: bool,
    as_junit: bool = False,
    store: RunStore | None = None,
) -> int:
    """Write the evidence, if anywhere, and print the result; what cannot be written never hides the result.

    ``store`` has the run's journal; a validation alone has none.
    """
    head = store.head(record) if store else ""
    document, written = report_document(record, directory, head), tuple[Path, ...]()
    try:
        if directory:
            made = evidence(record, directory, head)
            written, document = write(made, directory), made.document
    except Problem as problem:
        people(*problem_lines(problem))
        code = code or ExitCode.UNEXPECTED
    try:
        if as_junit:
            data(junit(document))
        else:
            data(*([json_text(document)] if as_json else result_lines(record, written)))
    except Problem as problem:
        people(*problem_lines(problem))
        code = code or ExitCode.UNEXPECTED
    return code


def _proven(cloud: Cloud, setup: Setup, consumer: EventConsumer, command: CommandContext) -> Problem | None:
    """Hold what was made against AWS; returns what went wrong in the telling."""
    try:
        inspection = CheckRunner(cloud.checks(subject_of(setup, consumer.record)))
        command.interrupts.to(inspection.stop)
        for event in inspection.events():
            consumer.consume(event)
    except Exception as error:  # noqa: BLE001 - the user is made: that must be said, and how to go on
        return as_problem(error)
    return None

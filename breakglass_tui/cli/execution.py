"""The run, its validation and its report, printed line by line."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer, consume_events
from breakglass_tui.cli.last_line import Ending, Output, run_ending
from breakglass_tui.cli.stored_runs import run_store, save_validation, save_verdict
from breakglass_tui.cli.streams import to_stderr, to_stdout
from breakglass_tui.domain import events as e
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import subject_of
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.plain.results import result_lines
from breakglass_tui.plain.words import problem_lines
from breakglass_tui.report.export import Export, export
from breakglass_tui.report.junit import junit
from breakglass_tui.report.report_document import report_document

REPORT = "report.md"


def run_and_validate(
    cloud: Cloud,
    setup: Setup,
    run: Run,
    consumer: EventConsumer,
    context: CommandContext,
    *,
    again: Ending | None = None,
) -> Ending:
    """Run the plan, validate the user, write the report, and return the ending of the command.

    ``again`` is the ending after a rollback, as in ``run_ending``.
    """
    record = consumer.record
    problem = consume_events(run, consumer, context)
    created, complete = record.status is e.RunStatus.DONE, False
    if created and problem is None:
        complete, problem = _validate(cloud, setup, run, consumer, context)
    for each in (record.problem, problem):
        to_stderr(*(problem_lines(each) if each else ()))
    validated = complete and problem is None
    if validated:
        save_verdict(context.options, record)
    if created:
        save_validation(run_store(context.options), record)
    output = write_results(
        record,
        setup.envelopes.directory,
        as_json=context.as_json,
        store=run_store(context.options),
        signer=setup.signer,
    )
    return run_ending(context.options, record, output, problem=problem, validated=validated, again=again)


def write_results(
    record: RunRecord,
    directory: Path | None,
    *,
    as_json: bool,
    as_junit: bool = False,
    store: RunStore | None = None,
    history: UserHistory | None = None,
    signer: EvidenceSigner | None = None,
    ended: str = "",
) -> Output:
    """Write the report into ``directory``, if that is not None, sign it, and print the result on stdout.

    If the report cannot be written or signed, the result is still printed. ``store`` has the journal of the run. It is
    None for a validation without a run. ``history`` is that of the user. ``ended`` is the first line of the result. If
    it is "", that is the verdict.
    """
    head = store.head(record) if store else ""
    document, written = report_document(record, directory, head, history), tuple[Path, ...]()
    complete = signed = True
    try:
        if directory:
            found = export(record, directory, head, history, signer=signer)
            written, document, signed = found.paths, found.document, found.unsigned is None
            _describe_export(found)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the result must be printed
        to_stderr(*problem_lines(as_problem(error)))
        complete = False
    try:
        if as_junit:
            to_stdout(junit(document))
        else:
            to_stdout(*([json_text(document)] if as_json else result_lines(record, written, ended)))
    except Problem as problem:
        to_stderr(*problem_lines(problem))
        complete = False
    return Output(next((path for path in written if path.name == REPORT), None), complete, signed)


def _describe_export(found: Export) -> None:
    """Print that earlier evidence was kept, and why the evidence is not signed."""
    if found.earlier is not None:
        to_stderr(f"{show(str(found.earlier), 4096)} has an earlier report, which is unchanged.")
    if found.unsigned is not None:
        to_stderr(*problem_lines(found.unsigned))


def _validate(
    cloud: Cloud, setup: Setup, run: Run, consumer: EventConsumer, context: CommandContext
) -> tuple[bool, Problem | None]:
    """Run the validation checks, with the clock of the run.

    Return whether all of them finished, although a signal may have arrived, and the first error of this process or
    None.
    """
    try:
        checks = CheckRunner(cloud.checks(subject_of(setup, consumer.record)), run.clock)
        context.interrupts.on_signal(checks.stop)
        for event in checks.events():
            consumer.consume(event)
    except Exception as error:  # noqa: BLE001 - the user exists: the last line must say so, and how to validate it
        return False, as_problem(error)
    return checks.complete, None

"""``validate``: hold an emergency user against AWS; only reads."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import EventConsumer
from breakglass_tui.cli.execution import conclude
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.request_file import read_request
from breakglass_tui.cli.reviewed_setup import assessed, writable
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import journals, save_verdict
from breakglass_tui.cli.streams import people
from breakglass_tui.domain import events as e
from breakglass_tui.domain import rules
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud, Subject
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.standalone_validation import validation_record, validation_started
from breakglass_tui.plain.check_printer import CheckPrinter
from breakglass_tui.report.markdown import LONGEST


def run_validate(
    options: Options, user_name: str, request_file: str | None, out: Path | None, *, as_json: bool, as_junit: bool
) -> int:
    """Run every check and print the results; exit 3 when one failed."""
    if as_json and as_junit:
        raise usage("--json and --junit: choose one of them; stdout is one document.")
    request = _expected(_named(user_name), request_file)
    with Interrupts(people) as interrupts, writable(out), Connector(options) as connect:
        cloud = connect()
        caller = cloud.identify()
        known = known_user(journals(options), caller.account_id, user_name, demo=cloud.demo)
        if known.said:
            people(show(known.said, LONGEST))
        expected = request or known.request
        account = assessed(cloud, expected.region if expected else cloud.region, caller)
        record = _checked(cloud, known.subject(account, request), interrupts)
        if not interrupts.hit:
            save_verdict(options, record)
        code = ExitCode.INTERRUPTED if interrupts.hit else exit_of(record)
        return conclude(record, out, code, as_json=as_json, as_junit=as_junit)


def _checked(cloud: Cloud, subject: Subject, interrupts: Interrupts) -> RunRecord:
    """A record of a validation alone."""
    consumer, clock = EventConsumer(validation_record(subject), CheckPrinter(people)), SystemClock()
    inspection = CheckRunner(cloud.checks(subject))
    interrupts.to(inspection.stop)
    consumer.consume(validation_started(subject, clock, demo=cloud.demo))
    for event in inspection.events():
        consumer.consume(event)
    consumer.consume(e.RunFinished(clock.now(), e.RunStatus.DONE, stopped=interrupts.hit))
    return consumer.record


def _named(user_name: str) -> str:
    try:
        if rules.user_name(user_name):
            return user_name
    except ValueError as error:
        raise usage(f"--user-name: {error}.") from None
    raise usage("--user-name is empty.")


def _expected(user_name: str, request_file: str | None) -> SetupRequest | None:
    if request_file is None:
        return None
    request = read_request(request_file)
    if request.user_name not in ("", user_name):
        raise BadRequest((FieldError("user_name", f"the request is for {request.user_name}, not for {user_name}"),))
    return request.named(user_name)

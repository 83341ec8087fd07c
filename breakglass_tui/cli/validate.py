"""``validate``: hold an emergency user against AWS; only reads."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.carry_out import conclude
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.exits import usage
from breakglass_tui.cli.journals import journals, keep_proof
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.prepare import assessed, writable
from breakglass_tui.cli.request_file import read_request
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import people
from breakglass_tui.cli.telling import Telling
from breakglass_tui.domain import events as e
from breakglass_tui.domain import rules
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud, Subject
from breakglass_tui.engine.inspection import Inspection
from breakglass_tui.engine.past_of import past_of
from breakglass_tui.engine.visit import visit_record, visit_started
from breakglass_tui.plain.verdicts import Verdicts
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
        known = past_of(journals(options), caller.account_id, user_name, demo=cloud.demo)
        if known.said:
            people(show(known.said, LONGEST))
        expected = request or known.request
        account = assessed(cloud, expected.region if expected else cloud.region, caller)
        record = _checked(cloud, known.subject(account, request), interrupts)
        if not interrupts.hit:
            keep_proof(options, record)
        code = ExitCode.INTERRUPTED if interrupts.hit else exit_of(record)
        return conclude(record, out, code, as_json=as_json, as_junit=as_junit)


def _checked(cloud: Cloud, subject: Subject, interrupts: Interrupts) -> RunRecord:
    """A record of a validation alone."""
    telling, clock = Telling(visit_record(subject), Verdicts(people)), SystemClock()
    inspection = Inspection(cloud.checks(subject))
    interrupts.to(inspection.stop)
    telling.take(visit_started(subject, clock, demo=cloud.demo))
    for event in inspection.events():
        telling.take(event)
    telling.take(e.RunFinished(clock.now(), e.RunStatus.DONE, stopped=interrupts.hit))
    return telling.record


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

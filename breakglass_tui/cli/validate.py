"""``validate``: check an emergency user. Only reads AWS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import EventConsumer
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.execution import write_results
from breakglass_tui.cli.last_line import Ending, validation_ending
from breakglass_tui.cli.open_options import OpenOptions
from breakglass_tui.cli.opened_user import open_user, request_of
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.output_directory import writable
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.request_file import read_request
from breakglass_tui.cli.reviewed_setup import assess_account
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import run_store, save_validation, save_verdict
from breakglass_tui.cli.streams import to_stderr, warn
from breakglass_tui.domain import events as e
from breakglass_tui.domain import rules
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import DeviceAccepted
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Subject
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.standalone_validation import validation_record, validation_started
from breakglass_tui.engine.user_journal import UserJournal
from breakglass_tui.plain.check_printer import CheckPrinter
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.report.markdown import LONGEST
from breakglass_tui.report.output_risks import copy_risks


@dataclass(frozen=True)
class Openers:
    """What the operator gives to test the user's own credentials, and the serial numbers of MFA devices to accept."""

    given: OpenOptions
    directory: Path | None = None
    accepted: tuple[str, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether the operator wants envelopes to be opened."""
        return bool(self.given.identities) or self.given.passphrase is not None or self.directory is not None


@dataclass(frozen=True)
class Forms:
    """The format of stdout: JSON, JUnit, or text if neither is chosen."""

    as_json: bool = False
    as_junit: bool = False


def run_validate(
    options: Options, user_name: str, *, request_file: str | None, out: Path | None, openers: Openers, forms: Forms
) -> Ending:
    """Run every check and print the results. The exit code is 3 if a check failed. Raises ``Problem``."""
    if forms.as_json and forms.as_junit:
        raise usage("--json and --junit: choose one of them. stdout is one document.")
    request = _expected_request(_require_user_name(user_name), request_file)
    with Interrupts(to_stderr) as interrupts, writable(out), Connector(options) as connect:
        warn(*map(str, copy_risks(out) if out else ()))
        cloud, clock, store = connect(), SystemClock(), run_store(options)
        caller = cloud.identify()
        known = known_user(store, caller.account_id, user_name, cloud.place)
        if known.summary:
            to_stderr(show(known.summary, LONGEST))
        opened = None
        if openers.opens:
            opened = open_user(
                options,
                known,
                openers.given,
                directory=openers.directory,
                account_id=caller.account_id,
                clock=clock,
                clock_offset_s=cloud.clock_offset_s(),
            )
        request = request or (None if known.request else request_of(openers.directory))
        expected = request or known.request
        account = assess_account(cloud, expected.region if expected else cloud.region, caller)
        subject = known.subject(account, request)
        try:
            subject = opened.subject(subject) if opened else subject
            subject = _accept(store, subject, openers.accepted, clock, cloud)
            record = _run_checks(cloud, subject, interrupts)
        finally:
            if opened:
                opened.vault.wipe()
        if not interrupts.hit:
            save_verdict(options, record)
        save_validation(store, record)
        output = write_results(
            record,
            out,
            as_json=forms.as_json,
            as_junit=forms.as_junit,
            history=subject.history,
            signer=choose_signer(options, cloud, Terminal(to_stderr)),
        )
        if interrupts.hit:
            how = f"Interrupted before all checks ran: {record.readiness.words}."
            return Ending(ExitCode.INTERRUPTED, how, "Validate again with", repeat=())
        return validation_ending(options, record, output, alone=True)


def _accept(store: RunStore, subject: Subject, serials: tuple[str, ...], clock: Clock, cloud: Cloud) -> Subject:
    """Record each accepted device in the user's journal, and return ``subject`` with them. Raises ``Problem``."""
    if not serials:
        return subject
    caller = subject.account.caller
    users = cloud.users()
    if users.problem is not None:
        raise users.problem
    ids = [user.id for user in users.items if user.name.casefold() == subject.user_name.casefold()]
    if not ids:
        raise usage(f"There is no user {show(subject.user_name)} whose device could be accepted.")
    events = [DeviceAccepted(clock.now(), ids[0], serial, caller.arn) for serial in serials]
    UserJournal(store, caller.account_id, subject.user_name, cloud.place).append(events)
    for event in events:
        subject.history.apply(event)
    return subject


def _run_checks(cloud: Cloud, subject: Subject, interrupts: Interrupts) -> RunRecord:
    """Run the checks and return the record, in the form of a run."""
    consumer, clock = EventConsumer(validation_record(subject), CheckPrinter(to_stderr)), SystemClock()
    checks = CheckRunner(cloud.checks(subject))
    interrupts.on_signal(checks.stop)
    consumer.consume(validation_started(subject, clock, cloud))
    for event in checks.events():
        consumer.consume(event)
    consumer.consume(e.RunFinished(clock.now(), e.RunStatus.DONE, stopped=interrupts.hit))
    return consumer.record


def _require_user_name(user_name: str) -> str:
    try:
        if rules.user_name(user_name):
            return user_name
    except ValueError as error:
        raise usage(f"--user-name: {error}.") from None
    raise usage("--user-name is empty.")


def _expected_request(user_name: str, request_file: str | None) -> SetupRequest | None:
    if request_file is None:
        return None
    request = read_request(request_file)
    if request.user_name not in ("", user_name):
        raise BadRequest((FieldError("user_name", f"the request is for {request.user_name}, not for {user_name}"),))
    return request.named(user_name)

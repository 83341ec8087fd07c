"""``verify``: what an envelope is, who can open it, and whether it does; or whether a report is as it was written.

Only reads, and shows no secret.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.open_options import OpenOptions, lacking, unsealed
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import answered
from breakglass_tui.cli.process_memory import close_memory
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import data, people
from breakglass_tui.cli.verify_report import verify_report
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.plain.results import check_table
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.report.recorded_envelopes import look_up
from breakglass_tui.report.report_file import is_report
from breakglass_tui.report.verification import OpenAttempt, envelope_checks, envelope_document
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN, NO_ENVELOPE
from breakglass_tui.secrets.sealed_file import NOT_SEALED, SealedFile, read_remains, read_sealed

ASK = "Passphrase, to try whether it opens (nothing is shown while you type; Enter alone: do not try):"


def run_verify(options: Options, path: Path, means: OpenOptions, report: Path | None, *, as_json: bool) -> int:
    """Say what there is to say of the file at ``path``; exit 3 when a check failed."""
    if is_report(path):
        if means != OpenOptions() or report is not None:
            raise usage(
                f"{show(str(path), 200)} is a report: nothing opens it.",
                next="Give --identity, --passphrase-fd and --report with an envelope only.",
            )
        return verify_report(path, as_json=as_json)
    close_memory()
    with Interrupts(people):
        sealed = _read(path, report)
        looked = look_up(sealed, report)
        attempt = _attempt(options, sealed, means)
    checks = envelope_checks(sealed, looked, attempt)
    if as_json:
        data(json_text(envelope_document(sealed, looked, attempt, checks)))
    else:
        data(f"Envelope {show(str(path), 200)}", *check_table(checks))
    return _exit_of(checks)


def _read(path: Path, report: Path | None) -> SealedFile:
    """The envelope at ``path``: what a report names as one is a damaged one, however little is left of it."""
    try:
        return read_sealed(path)
    except Problem as problem:
        if problem.code != NOT_SEALED:
            raise
        remains = read_remains(path)
        if look_up(remains, report).recorded is None:
            raise
        return remains


def _exit_of(checks: tuple[CheckResult, ...]) -> ExitCode:
    failed = any(check.status is CheckStatus.FAIL for check in checks)
    return ExitCode.CHECK_FAILED if failed else ExitCode.DONE


def _attempt(options: Options, sealed: SealedFile, means: OpenOptions) -> OpenAttempt:
    """Open it with what there is, and forget at once what was in it."""
    terminal = Terminal(people)
    if sealed.kind == "passphrase" and means.passphrase is None and not sealed.flaw and terminal.attached():
        typed = answered(lambda: terminal.hidden(ASK))
        means = replace(means, passphrase=typed if typed.reveal() else None)
    problem = None if sealed.flaw else lacking(sealed, means)
    if problem is not None:
        return OpenAttempt(untried="not tried: nothing was given to open it with", remedy=problem.next)
    try:
        content = unsealed(options, sealed, means)
    except Problem as refused:
        if refused.kind is Kind.USAGE and refused.code not in (DOES_NOT_OPEN, NO_ENVELOPE):
            raise  # an identity file that is none says nothing of the envelope
        return OpenAttempt(problem=refused)
    finally:
        means.wipe()
    content.wipe()
    return OpenAttempt(facts=content.facts, needs=content.layers)

"""``verify``: check who can open an envelope and whether it opens, or whether a report is unchanged.

It only reads, and shows no secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.evidence_signing import signature_trust
from breakglass_tui.cli.journal_evidence import recorded_run
from breakglass_tui.cli.last_line import AFTER_THE_FIX, Ending
from breakglass_tui.cli.open_options import REMEDIES, OpenOptions, missing_option, open_sealed
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import interrupt_at_end_of_input
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import to_stderr, to_stdout
from breakglass_tui.cli.verify_report import verify_report
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.plain.results import check_table
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.report.envelope_binding import journal_check
from breakglass_tui.report.recorded_envelopes import look_up
from breakglass_tui.report.report_file import is_report
from breakglass_tui.report.verification import OpenAttempt, envelope_checks, envelope_document, writing_run
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN, NO_ENVELOPE
from breakglass_tui.secrets.sealed_file import NOT_SEALED, SealedFile, read_damaged, read_sealed

ASK = "Passphrase to test the envelope (not shown while you type, Enter alone skips the test):"


def run_verify(
    options: Options,
    path: Path,
    given: OpenOptions,
    report: Path | None,
    *,
    allowed_signers: Path | None = None,
    public_key: Path | None = None,
    as_json: bool,
) -> Ending:
    """Print the results of the checks of the file at ``path``. The exit code is 3 if a check failed."""
    if is_report(path):
        if given != OpenOptions() or report is not None:
            raise usage(
                f"{show(str(path), 200)} is a report, not an envelope.",
                why="--identity, --passphrase-fd and --report are for envelopes.",
                next="Verify the report",
                command=options.command("verify", str(path)),
            )
        trust = signature_trust(options, allowed_signers, public_key)
        return _ending(verify_report(path, trust, as_json=as_json))
    if allowed_signers is not None or public_key is not None:
        raise usage(
            f"{show(str(path), 200)} is an envelope, not a report.",
            why="--allowed-signers and --public-key are for reports. The signature of a report covers its envelopes.",
            next="Verify the envelope",
            command=options.command("verify", str(path)),
        )
    with Interrupts(to_stderr):
        sealed = _read(path, report)
        recorded = look_up(sealed, report)
        attempt = _attempt(options, sealed, given)
    run_id = writing_run(sealed, recorded, attempt)
    checks = envelope_checks(sealed, recorded, attempt, journal_check(sealed, run_id, recorded_run(run_id)))
    if as_json:
        to_stdout(json_text(envelope_document(sealed, recorded, attempt, checks)))
    else:
        to_stdout(f"Envelope {show(str(path), 200)}", *check_table(checks))
    return _ending(checks)


def _read(path: Path, report: Path | None) -> SealedFile:
    """Return the envelope at ``path``. Raises ``Problem`` if the file is not an envelope.

    If a report names the file as an envelope, it counts as a damaged envelope instead.
    """
    try:
        return read_sealed(path)
    except Problem as problem:
        if problem.code != NOT_SEALED:
            raise
        damaged = read_damaged(path)
        if look_up(damaged, report).recorded is None:
            raise
        return damaged


def _ending(checks: Sequence[CheckResult]) -> Ending:
    failed = [check.id for check in checks if check.status is CheckStatus.FAIL]
    if failed:
        how = f"Failed check{'' if len(failed) == 1 else 's'}: {show(', '.join(failed))}."
        if not any(check.remedy for check in checks if check.id in failed):
            return Ending(ExitCode.CHECK_FAILED, how)
        return Ending(ExitCode.CHECK_FAILED, how, AFTER_THE_FIX, repeat=())
    untested = [check.id for check in checks if check.status is CheckStatus.SKIP]
    missing = f" Not tested: {show(', '.join(untested))}." if untested else ""
    return Ending(ExitCode.DONE, f"Done: no check failed.{missing}")


def _attempt(options: Options, sealed: SealedFile, given: OpenOptions) -> OpenAttempt:
    """Open the envelope with ``given`` as a test. Its content is wiped at once."""
    terminal = Terminal(to_stderr)
    if sealed.kind == "passphrase" and given.passphrase is None and not sealed.flaw and terminal.attached():
        typed = interrupt_at_end_of_input(lambda: terminal.read_hidden(ASK))
        given = replace(given, passphrase=typed if typed.reveal() else None)
    problem = None if sealed.flaw else missing_option(sealed, given)
    if problem is not None:
        return OpenAttempt(untried="not tested: nothing was given to open it with", remedy=REMEDIES[sealed.kind])
    try:
        content = open_sealed(options, sealed, given)
    except Problem as refused:
        if refused.kind is Kind.USAGE and refused.code not in (DOES_NOT_OPEN, NO_ENVELOPE):
            raise  # a wrong identity file says nothing about the envelope
        return OpenAttempt(problem=refused)
    finally:
        given.wipe()
    content.wipe()
    return OpenAttempt(facts=content.facts, needs=content.layers)

"""The last line on stderr: how the command ended and, unless all is done, the one command to run next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from breakglass_tui.cli.command_words import NEW_DIR, OUT, PLACEHOLDERS, typed_again
from breakglass_tui.cli.next_command import next_command, removal_line
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.checks import ReasonKind, Verdict
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.exit_codes import ExitCode, exit_of, exit_of_problem
from breakglass_tui.domain.problems import OTHER_SIMULATED_ACCOUNT, Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show

AFTER_THE_FIX, START_AGAIN, WHEN_ENDED = "After the fix, run", "Start again with", "When it has ended, run"
ACCOUNT_ENDED = "The simulated account ended with this process."
OTHER_DIRECTORY, UNUSABLE_OUTPUT = "With another directory, run", "output-writable"
"""The introduction of a command with another ``--out``, and the code of the problem that needs such a command.

The code is the id of the preflight check of the directory.
"""
MOVED_BACK = "If you can move the journal back, run then"
CREATED = "The user is created, and each secret is sealed or stored. "
BUSY = "Busy: another process works on this user."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended: its exit code, and the parts of its last line on stderr.

    ``how`` is one or more sentences. If it is empty, there is no last line. ``lead`` introduces ``command``, which is
    the command to run next. If ``repeat`` is not None, the command to run next is the command line of this process with
    these words added. ``before`` are lines that precede the last one. ``verdict`` is the verdict as shown, or "".
    """

    code: int
    how: str = ""
    lead: str = ""
    command: str = ""
    repeat: tuple[str, ...] | None = None
    before: tuple[str, ...] = ()
    verdict: str = ""

    def lines(self, arguments: Sequence[str]) -> list[str]:
        """Return the lines in ``before`` and the last line. ``arguments`` is the command line of this process."""
        return [*self.before, self.line(arguments)] if self.how else []

    def line(self, arguments: Sequence[str]) -> str:
        """Return the last line. ``arguments`` is the command line of this process."""
        command = self.command if self.repeat is None else typed_again(arguments, *self.repeat)
        if not command:
            return self.how
        used = [name for name in PLACEHOLDERS if name in command]
        replaced = f" (replace {' and '.join(used)})" if used else ""
        return f"{self.how} {self.lead}{replaced}: {command}"


@dataclass(frozen=True, slots=True)
class Output:
    """What a command wrote: the path of report.md or None.

    ``complete`` is whether everything could be written. ``signed`` is False if the evidence could not be signed.
    """

    report: Path | None = None
    complete: bool = True
    signed: bool = True


def run_ending(
    options: Options,
    record: RunRecord,
    output: Output,
    *,
    problem: Problem | None = None,
    validated: bool = True,
    again: Ending | None = None,
) -> Ending:
    """Return the ending of a run.

    ``problem`` is an error of this process. ``validated`` means that all checks of the finished run were made.
    ``again`` is the ending after a rollback. By default, its command is the command line of this process.
    """
    from breakglass_tui.cli.removal_by_hand import by_hand_line
    from breakglass_tui.engine.journal import GONE

    code = exit_of(record)
    if code is ExitCode.ALREADY_RUNNING:
        return Ending(code, BUSY, WHEN_ENDED, repeat=())
    if record.status is RunStatus.DONE and validated:
        return validation_ending(options, record, output)
    if record.status is RunStatus.DONE:
        how = f"Created, not validated: {record.readiness.words}.{_report(output)}"
        before = _removal_of_finished(options, record)
        return _validate_next(options, record, Ending(ExitCode.INCOMPLETE, how, "Validate with", before=before))
    if not record.may_exist:
        return _nothing_left(record, problem, again)
    if options.demo:
        how = _unfinished(record, problem)
        return Ending(ExitCode.INCOMPLETE, f"{how}. {ACCOUNT_ENDED}", START_AGAIN, repeat=())
    ids = ", ".join(step.id for step in record.may_exist)
    kept = ". Left in AWS" if record.undoing else ", resources kept"
    how = f"{_unfinished(record, problem)}{kept}: {ids}."
    command = next_command(options, record)
    lead, line = command or ("", "")
    gone = record.problem is not None and record.problem.code == GONE
    before = by_hand_line(options, record) if gone else removal_line(options, record)
    return Ending(ExitCode.INCOMPLETE, how, MOVED_BACK if gone else lead, line, before=before)


def validation_ending(options: Options, record: RunRecord, output: Output, *, alone: bool = False) -> Ending:
    """Return the ending of a validation whose checks were all made.

    ``alone`` means that the command ran nothing else.
    """
    reasons, code = record.readiness.reasons, exit_of(record)
    verdict = record.readiness.words
    failed = [reason.check for reason in reasons if reason.kind is ReasonKind.FAILED]
    steps = sum(reason.kind is ReasonKind.STEP for reason in reasons)
    how, lead = f"Done: {verdict}.", ""
    if failed:
        how, lead = f"{verdict}. Failed {_noun('check', failed)}: {', '.join(failed)}.", AFTER_THE_FIX
    elif record.readiness.verdict is Verdict.NOT_READY:
        untested = ", ".join(reason.check for reason in reasons if reason.check)
        how, lead = f"Done: {verdict}.{f' Not tested: {untested}.' if untested else ''}", "Validate again with"
    elif steps:
        lead = f"After the {'step' if steps == 1 else 'steps'}, run"
    if not output.complete and output.report is None:
        how = f"{'' if alone else CREATED}{how.removesuffix('.')}, but the report was not written."
        ending = Ending(code or ExitCode.UNEXPECTED, how, "Write it with", verdict=verdict)
        return _evidence_next(options, record, ending, alone=alone)
    if not output.complete:
        how = f"{how.removesuffix('.')}, but the result was not written."
        code, lead = code or ExitCode.UNEXPECTED, lead or "Validate again with"
    elif not output.signed:
        how = f"{how.removesuffix('.')}, but the evidence is not signed."
        code, lead = code or ExitCode.UNEXPECTED, lead or "Validate again with"
    ending = Ending(code, f"{how}{_report(output)}", lead, repeat=() if alone and lead else None, verdict=verdict)
    return _validate_next(options, record, ending) if lead else ending


def require_verdict(ending: Ending, required: str | None) -> Ending:
    """Return ``ending`` with exit code 3 if ``required`` is ``ready`` and the verdict is not READY."""
    if required is None or ending.code != ExitCode.DONE or ending.verdict in ("", "READY"):
        return ending
    how = f"--require {required} is not met. {ending.how.removeprefix('Done: ')}"
    return replace(ending, code=ExitCode.CHECK_FAILED, how=how)


def removal_ending(
    options: Options,
    record: RunRecord,
    output: Output,
    *,
    not_found: Collection[str] = (),
    removed: Collection[str] = (),
) -> Ending:
    """Return the ending of an undo that the operator asked for. ``removed`` and ``not_found`` are step ids."""
    if record.may_exist and record.status is not RunStatus.UNDONE:
        return run_ending(options, record, output)
    details = [("Removed", removed), ("Not found in AWS", not_found)]
    found = "".join(f" {words}: {', '.join(ids)}." for words, ids in details if ids)
    id = record.header.id if record.header else "?"
    how = f"Done: nothing of run {id} is left in AWS.{found}"
    if not output.complete:
        return Ending(ExitCode.UNEXPECTED, f"{how} The result was not written.")
    if not output.signed:
        return Ending(ExitCode.UNEXPECTED, f"{how} The evidence of the removal is not signed.")
    return Ending(ExitCode.DONE, how)


def problem_ending(problem: Problem, *, changed: str = "nothing was written to AWS") -> Ending:
    """Return the ending of a command that ``problem`` ended before it wrote anything, so that it can be run again.

    ``changed`` says in words that nothing was changed.
    """
    code = exit_of_problem(problem)
    how = {
        Kind.USAGE: "Usage error",
        Kind.LOCAL: "Stopped",
        Kind.CREDENTIALS: "No usable credentials",
        Kind.REFUSED: "AWS refused the request",
        Kind.UNREACHABLE: "AWS is unreachable",
        Kind.MISSING: "Not found in AWS",
    }
    if problem.kind is Kind.BUSY:
        return Ending(code, BUSY, WHEN_ENDED, repeat=())
    if problem.kind is Kind.UNEXPECTED:
        return Ending(code, "Unexpected error.")
    ended = f"{how[problem.kind]}: {changed}."
    if problem.code == OTHER_SIMULATED_ACCOUNT:
        return Ending(code, ended)  # there is no fix
    return Ending(code, ended, AFTER_THE_FIX, repeat=())


def _evidence_next(options: Options, record: RunRecord, ending: Ending, *, alone: bool) -> Ending:
    """Return ``ending`` with the command that writes the report to another directory. The demo has none."""
    if options.demo:
        return _validate_next(options, record, ending)
    if alone:
        return replace(ending, repeat=(OUT, NEW_DIR))
    return replace(ending, command=_validation(options, record, OUT, NEW_DIR))


def _validate_next(options: Options, record: RunRecord, ending: Ending) -> Ending:
    """Return ``ending`` with the command that validates the user. The demo has none, because its account has ended."""
    if options.demo:
        return Ending(ending.code, f"{_sentence(ending.how)} {ACCOUNT_ENDED}", verdict=ending.verdict)
    how = _sentence(ending.how)
    if ending.repeat is not None:
        return replace(ending, how=how)
    return replace(ending, how=how, command=_validation(options, record))


def _validation(options: Options, record: RunRecord, *more: str) -> str:
    """Return the command line that validates the user of the run, with the words ``more`` at its end."""
    user = str(record.header.request.get("user_name", "")) if record.header else ""
    return options.command("validate", "--user-name", user, *more)


def _removal_of_finished(options: Options, record: RunRecord) -> tuple[str, ...]:
    if options.demo or record.header is None:
        return ()
    return (f"To remove the resources instead: {options.command('undo', record.header.id)}",)


def _nothing_left(record: RunRecord, problem: Problem | None, again: Ending | None) -> Ending:
    """Return the ending of a run that left nothing in AWS."""
    started = any(step.started_at is not None for step in record.steps.values())
    removed = "Everything this run created was removed." if started else "Nothing was created."
    ending = again or Ending(ExitCode.UNDONE, "", AFTER_THE_FIX, repeat=())
    if problem is not None:
        return replace(ending, code=ExitCode.UNEXPECTED, how=f"Stopped by an error. {removed}", lead=START_AGAIN)
    if exit_of(record) is ExitCode.INTERRUPTED:
        how = f"Stopped. {removed}" if started else "Interrupted: nothing was written to AWS."
        return replace(ending, code=ExitCode.INTERRUPTED, how=how, lead=START_AGAIN)
    failed = [step.id for step in record.steps.values() if step.problem is not None]
    if started:
        reason = f": {', '.join(failed)} failed" if failed else ""
        return replace(ending, how=f"Rolled back{reason}. {removed}")
    check = record.problem.code if record.problem is not None else ""
    if check == UNUSABLE_OUTPUT and again is None:
        ending = replace(ending, lead=OTHER_DIRECTORY, repeat=(OUT, NEW_DIR))
    reason = f"preflight check {check} failed" if check in record.preflight else "the run could not start"
    return replace(ending, how=f"Not started: {reason}. Nothing was created, so nothing is left in AWS.")


def _unfinished(record: RunRecord, problem: Problem | None) -> str:
    """Return a phrase that says how an unfinished run ended."""
    if record.undoing:
        return "Stopped during the removal" if record.stopped else "Removal incomplete"
    if problem is not None:
        return "Stopped by an error"
    return "Stopped" if record.stopped else "Incomplete"


def _report(output: Output) -> str:

    return f" Report: {show(str(output.report), 4096)}" if output.report else ""


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _noun(noun: str, items: Sequence[str]) -> str:
    return noun if len(items) == 1 else f"{noun}s"

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from breakglass_tui.cli.app_ending import app_ending
from breakglass_tui.cli.default_command import session_ending
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.checks import MISSION, CheckResult, CheckStatus
from breakglass_tui.domain.events import RunFinished, RunStatus, StepFinished, StepStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.journal import Journal
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.settings import runs_root


def test_without_a_terminal_the_app_names_apply(command, connected):
    ran = command()
    assert ran.code == ExitCode.USAGE
    assert "apply" in ran.err
    assert ran.out == ""
    assert connected == []


@pytest.mark.parametrize("arguments", [["--plain"], ["--plain", "--profile", "x"]])
def test_plain_without_demo_names_apply_too(command, arguments):
    ran = command(*arguments)
    assert ran.code == ExitCode.USAGE
    assert "apply" in ran.err


def test_a_dumb_terminal_gets_no_app(command, monkeypatch):
    for name in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{name}.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert command().code == ExitCode.USAGE


def test_the_demo_without_a_terminal_runs_the_whole_request_on_the_simulated_account(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "breakglass_tui", "--demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == ExitCode.DONE, ran.stderr
    assert "DEMO account 123456789012" in ran.stderr
    assert "PASS  access" in ran.stdout
    assert "Traceback" not in ran.stderr


def last_lines(*arguments, **options):
    return session_ending(*arguments, **options).lines([])


def test_after_the_app_the_last_line_names_the_command_that_resumes(left_run):
    left_run("aa", "create-user", "access-key", seal_to=["age1x"])
    record = RunStore(runs_root(demo=False)).find("aa").record
    record.apply(RunFinished(datetime(2026, 11, 22, tzinfo=UTC), RunStatus.INCOMPLETE, stopped=True))
    resume, undo = (f"breakglass-tui --profile night {word} aa" for word in ("resume", "undo"))
    assert last_lines(Options(profile="night"), ExitCode.INCOMPLETE, record) == [
        f"To remove the resources instead: {undo}",
        f"Stopped, resources kept: create-user. Resume with: {resume}",
    ]


def test_unfinished_runs_of_the_session_are_named_with_their_commands(capsys, left_run):
    left_run("aa", "create-user", "access-key", seal_to=["age1x"])
    left_run("bb", "create-user", may_exist=0)
    ending = session_ending(Options(), ExitCode.INCOMPLETE, RunRecord(), frozenset({"aa", "bb", "gone"}))
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == [
        "Unfinished: bg-aa, run aa",
        "  To remove the resources instead: breakglass-tui undo aa",
        "  Resume with: breakglass-tui resume aa",
    ]
    assert "bg-bb" not in "".join(lines)
    assert "gone" in lines[3]
    assert ending.code == ExitCode.INCOMPLETE
    assert ending.line([]) == "A run is unfinished, resources kept. Resume with: breakglass-tui resume aa"


@pytest.fixture
def left_demo_run(left_run):
    """Return a function like ``left_run`` for runs in a simulated account. The run is stopped, and it is returned."""

    def leave(id):
        path = left_run(id, "create-user")
        home = runs_root(demo=True) / "runs" / id
        home.parent.mkdir(parents=True, exist_ok=True)
        path.parent.rename(home)
        journal, now = Journal(home / path.name), datetime(2026, 11, 22, tzinfo=UTC)
        journal.write(StepFinished(now, "create-user", StepStatus.DONE, detail="arn:aws:iam::123456789012:user/x"))
        journal.write(RunFinished(now, RunStatus.INCOMPLETE, stopped=True))
        journal.close()
        return RunStore(runs_root(demo=True)).find(id).record

    return leave


DEMO_OVER = "The simulated account ended with this process. Start again with: breakglass-tui"


def test_all_unfinished_runs_of_the_demo_are_named_in_one_form(capsys, left_demo_run):
    left_demo_run("aa")
    last = last_lines(Options(demo=True), ExitCode.INCOMPLETE, left_demo_run("bb"), frozenset({"aa"}))
    assert capsys.readouterr().err.splitlines() == ["Unfinished: bg-aa, run aa", "Unfinished: bg-bb, run bb"]
    assert last == [f"Stopped. {DEMO_OVER}"]


def test_a_kept_run_of_the_demo_is_no_unexpected_error(capsys, left_demo_run):
    left_demo_run("aa")
    last = last_lines(Options(demo=True), ExitCode.INCOMPLETE, RunRecord(), frozenset({"aa"}))
    assert capsys.readouterr().err.splitlines() == ["Unfinished: bg-aa, run aa"]
    assert last == [f"A run is unfinished. {DEMO_OVER}"]


def test_a_kept_run_whose_journal_is_gone_is_no_unexpected_error():
    last = last_lines(Options(), ExitCode.INCOMPLETE, RunRecord(), frozenset({"gone"}))
    assert last == ["A run was left unfinished. List what is left in AWS with: breakglass-tui runs"]


def test_a_kept_run_before_a_finished_one_has_the_last_line(left_run, tmp_path):
    left_run("bb", "create-user", "access-key", seal_to=["age1x"])
    record = finished(left_run, RunStatus.DONE)
    for id in MISSION:
        record.checks[id] = CheckResult(id, id, CheckStatus.PASS, "", "")
    assert last_lines(Options(), ExitCode.INCOMPLETE, record, frozenset({"bb"})) == [
        "User bg-aa: READY.",
        "A run is unfinished, resources kept. Resume with: breakglass-tui resume bb",
    ]


def test_an_end_after_that_of_the_app_is_read_from_the_journal(capsys, left_run):
    path = left_run("aa", "create-user")
    seen = RunStore(runs_root(demo=False)).find("aa").record
    journal, now = Journal(path), datetime(2026, 11, 22, tzinfo=UTC)
    for event in (StepFinished(now, "create-user", StepStatus.DONE), RunFinished(now, RunStatus.DONE)):
        journal.write(event)
    journal.close()
    assert last_lines(Options(), ExitCode.DONE, seen) == [
        "To remove the resources instead: breakglass-tui undo aa",
        "Created, not validated: NOT PROVEN. Validate with: breakglass-tui validate --user-name bg-aa",
    ]
    assert last_lines(Options(demo=True), ExitCode.DONE, RunRecord()) == []
    assert capsys.readouterr().err == ""


def finished(left_run, status, **given):
    left_run("aa", "create-user")
    record = RunStore(runs_root(demo=False)).find("aa").record
    record.apply(RunFinished(datetime(2026, 11, 22, tzinfo=UTC), status, **given))
    return record


@pytest.mark.parametrize(
    ("code", "last"),
    [
        (ExitCode.DONE, []),
        (
            ExitCode.CREDENTIALS,
            ["No usable credentials: nothing was written to AWS. After the fix, run: breakglass-tui"],
        ),
        (128 + 15, ["Ended by a signal. Start again with: breakglass-tui"]),
        (ExitCode.UNEXPECTED, ["Unexpected error. List what is left in AWS with: breakglass-tui runs"]),
    ],
)
def test_a_session_without_a_run_ends_with_a_line_only_if_something_is_wrong(code, last):
    assert app_ending(Options(), code).lines([]) == last


def test_a_run_that_the_operator_removed_in_the_app_is_done(left_run):
    record = finished(left_run, RunStatus.UNDONE)
    record.steps["create-user"].status = StepStatus.UNDONE
    assert last_lines(Options(), ExitCode.DONE, record) == ["Done: nothing of run aa is left in AWS."]


def test_a_validated_run_of_the_app_ends_with_its_verdict_and_its_report(left_run, tmp_path):
    record = finished(left_run, RunStatus.DONE)
    for id in MISSION:
        record.checks[id] = CheckResult(id, id, CheckStatus.PASS, "", "")
    exported = (tmp_path / "report.json", tmp_path / "report.md")
    last = [f"User bg-aa: READY. Report: {tmp_path}/report.md"]
    assert last_lines(Options(), ExitCode.DONE, record, exported=exported) == last


@pytest.mark.parametrize("arguments", [["--help"], ["resume", "--help"], ["--version"], ["apply", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments):
    script = (
        "import sys\nfrom breakglass_tui.cli.running import run\n"
        f"assert run({arguments!r}) == 0\n"
        "print(sorted({'textual', 'rich', 'boto3', 'botocore', 'moto', 'pydantic', 'jinja2'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_global_option_after_a_command_gets_the_command_line_that_works(command, connected):
    ran = command("plan", "--demo")
    assert ran.code == ExitCode.USAGE
    assert "--demo goes before the command: breakglass-tui --demo plan" in ran.err
    assert "Show the help with: breakglass-tui plan --help" in command("--demo", "plan", "--bogus").err
    assert connected == []

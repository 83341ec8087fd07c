from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from breakglass_tui.cli.default_command import farewell
from breakglass_tui.cli.options import Options
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


def test_after_the_app_the_last_line_names_the_way_on(capsys, left_run):
    left_run("aa", "create-user", "access-key", seal_to=["age1x"])
    record = RunStore(runs_root(demo=False)).find("aa").record
    record.apply(RunFinished(datetime(2026, 11, 22, tzinfo=UTC), RunStatus.INCOMPLETE, stopped=True))
    farewell(Options(profile="night"), record)
    resume, undo = (f"breakglass-tui --profile night {word} aa" for word in ("resume", "undo"))
    assert capsys.readouterr().err.splitlines()[-1] == f"Resume with: {resume}   or remove it with: {undo}"


def test_runs_that_were_left_for_another_one_are_named_with_their_commands(capsys, left_run):
    left_run("aa", "create-user", "access-key", seal_to=["age1x"])
    left_run("bb", "create-user", may_exist=0)
    farewell(Options(), RunRecord(), frozenset({"aa", "bb", "gone"}))
    said = capsys.readouterr().err.splitlines()
    assert said[:2] == [
        "Left unfinished: bg-aa, run aa",
        "  Resume with: breakglass-tui resume aa   or remove it with: breakglass-tui undo aa",
    ]
    assert "bg-bb" not in "".join(said)
    assert "gone" in said[2]


def test_an_end_that_the_app_did_not_live_to_see_is_read_from_the_journal(capsys, left_run):
    path = left_run("aa", "create-user")
    seen = RunStore(runs_root(demo=False)).find("aa").record
    journal, now = Journal(path), datetime(2026, 11, 22, tzinfo=UTC)
    for event in (StepFinished(now, "create-user", StepStatus.DONE), RunFinished(now, RunStatus.DONE)):
        journal.write(event)
    journal.close()
    farewell(Options(), seen)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [["--help"], ["resume", "--help"], ["--version"], ["apply", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments):
    script = (
        "import sys\nfrom breakglass_tui.cli.running import run\n"
        f"assert run({arguments!r}) == 0\n"
        "print(sorted({'textual', 'rich', 'boto3', 'botocore', 'moto', 'pydantic', 'jinja2'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_an_option_of_the_program_behind_a_command_is_told_its_place(command, connected):
    ran = command("plan", "--demo")
    assert ran.code == ExitCode.USAGE
    assert "breakglass-tui --demo … plan" in ran.err
    assert "See: breakglass-tui plan --help" in command("--demo", "plan", "--bogus").err
    assert connected == []

from __future__ import annotations

import subprocess
import sys

import pytest

from breakglass_tui.domain.exit_codes import ExitCode


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


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["apply", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments):
    script = (
        "import sys\nfrom breakglass_tui.cli.program import run\n"
        f"assert run({arguments!r}) == 0\n"
        "print(sorted({'textual', 'rich', 'boto3', 'botocore', 'moto', 'pydantic', 'jinja2'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"

"""The fast ``--help``, and the manual page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from console import headless

from breakglass_tui import __version__
from breakglass_tui.cli.fast_help import HELP
from breakglass_tui.cli.manual import help_text
from breakglass_tui.cli.program import cli
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode

ROOT = Path(__file__).resolve().parents[2]


def test_the_help_that_is_kept_is_what_click_says(command):
    assert Path(HELP).read_text(encoding="ascii") == help_text(cli), "update it with: python scripts/help_text.py"
    assert command("--help").out == help_text(cli)


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",)])
def test_help_and_version_are_answered_without_click(arguments):
    script = (
        f"import sys\nsys.argv[1:] = {list(arguments)!r}\nfrom breakglass_tui.cli import main\n"
        "try:\n    main()\nfinally:\n    sys.stderr.write(str({'click', 'typing', 'pathlib'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-S", "-c", script]
    run = {"capture_output": True, "text": True, "timeout": 60}
    ran = subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, check=True, **run)
    assert ran.stderr == "set()"
    wanted = f"breakglass-tui, version {__version__}\n" if arguments == ("--version",) else help_text(cli)
    assert ran.stdout == wanted


def test_a_narrow_terminal_has_the_help_wrapped_for_it():
    ran = headless("--help", env={**os.environ, "COLUMNS": "60"})
    assert ran.returncode == ExitCode.DONE
    assert max(map(len, ran.stdout.splitlines())) <= 60
    assert "Set up an emergency" in ran.stdout


def test_help_that_cannot_be_written_is_said():
    with Path("/dev/full").open("w") as full:
        ran = headless("--help", stdout=full)
    assert ran.returncode != ExitCode.DONE
    assert "Traceback" not in ran.stderr


def test_the_help_of_validate_says_where_not_proven_is_in_json(command, connected, fake_cloud, fake_check):
    fake_cloud.proofs = [fake_check("user-exists"), fake_check("access", CheckStatus.SKIP)]
    assert command("validate", "--user-name", "bg-alice").out.startswith("NOT PROVEN\n")
    readiness = command("validate", "--user-name", "bg-alice", "--json").json["readiness"]
    kinds = {reason["kind"] for reason in readiness["reasons"]}
    assert (readiness["verdict"], kinds) == ("not-ready", {"not-proven"})
    words = " ".join(command("validate", "--help").out.split())
    assert "NOT PROVEN is not-ready too: then readiness.reasons[].kind is not-proven" in words


def test_the_page_has_every_command_and_option_and_the_exit_codes(command):
    ran = command("man")
    assert ran.code == ExitCode.DONE
    page = ran.out.replace(r"\-", "-")
    context = click.Context(cli)
    for name in cli.list_commands(context):
        assert f'.SS "{name}' in page
        for parameter in cli.commands[name].params:
            assert all(option in page for option in parameter.opts if option.startswith("-"))
    assert all(f".TP\n.B {int(code)}\n" in page for code in ExitCode)
    assert all(name in page for name in ("XDG_CONFIG_HOME", "AWS_PROFILE", "NO_COLOR", "config.toml"))


def test_the_page_is_roff_that_formats_without_a_warning(command, tmp_path):
    page = tmp_path / "breakglass-tui.1"
    page.write_text(command("man").out)
    requests = {line.split()[0] for line in page.read_text().splitlines() if line.startswith(".")}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B"}
    groff = shutil.which("groff")
    if groff is not None:
        ran = subprocess.run([groff, "-man", "-Tascii", "-ww", "-z", page], capture_output=True, timeout=60, check=True)
        assert ran.stderr == b""

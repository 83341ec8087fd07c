"""Shell completion, in a real bash, and the answers for other shells."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.settings import runs_root

PROMPT = "what next> "


@pytest.fixture
def bash(tmp_path):
    """A bash that has read the script, in a directory with envelopes and other files."""
    program = tmp_path / "bin" / "breakglass-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m breakglass_tui "$@"\n')
    program.chmod(0o755)
    here = tmp_path / "here"
    (here / "sub dir").mkdir(parents=True)
    for name in ("password.age", "pass word.kms.json", "passport.txt", "sub dir/inner.age"):
        (here / name).touch()
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TERM": "dumb", "MOTO_STRAY": "1", "PS1": "> "}
    spawn = {"env": environment, "cwd": str(here), "encoding": "utf-8", "dimensions": (24, 200), "timeout": 30}
    shell = pexpect.spawn("bash", ["--norc", "--noprofile"], **spawn, use_poll=True)
    shell.sendline(f"bind 'set bell-style none'; eval \"$(breakglass-tui completion bash)\"; PS1='{PROMPT}'")
    shell.expect(f"\n{PROMPT}")
    yield shell
    shell.close(force=True)


def test_bash_completes_commands_options_runs_and_files(bash, left_run):
    left_run("aa11bb", "create-user")
    for may_exist, completed in (
        ("breakglass-tui val", "breakglass-tui validate "),
        ("breakglass-tui --pl", "breakglass-tui --plain "),
        ("breakglass-tui undo aa", "breakglass-tui undo aa11bb "),
        ("breakglass-tui resume --pass", "breakglass-tui resume --passphrase-fd "),
        ("breakglass-tui open passw", "breakglass-tui open password.age "),
        ("breakglass-tui open pass\\ ", r"breakglass-tui open pass\ word.kms.json "),
        ("breakglass-tui verify su", r"breakglass-tui verify sub\ dir/"),
        ("breakglass-tui open sub\\ dir/", r"breakglass-tui open sub\ dir/inner.age "),
        ("breakglass-tui plan --request passp", "breakglass-tui plan --request passport.txt "),
        ("breakglass-tui --theme breakglass-d", "breakglass-tui --theme breakglass-dark "),
    ):
        bash.send(f"{may_exist}\t")
        bash.expect_exact(completed)
        bash.sendcontrol("u")
        bash.sendline("")
        bash.expect_exact(f"\n{PROMPT}")


def test_what_does_not_fit_is_not_offered(bash, left_run):
    left_run("aa11bb", "create-user")
    bash.send("breakglass-tui --demo undo aa\tX")
    bash.expect_exact("breakglass-tui --demo undo aaX")
    bash.sendcontrol("u")
    bash.send("breakglass-tui open passp\tX")
    bash.expect_exact("breakglass-tui open passpX")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_of_another_shell_asks_this_program(command, shell):
    ran = command("completion", shell)
    assert (ran.code, ran.err) == (ExitCode.DONE, "")
    assert f"_BREAKGLASS_TUI_COMPLETE={shell}_complete" in ran.out


def test_a_shell_that_is_not_known_is_a_matter_of_usage(command):
    ran = command("completion", "tcsh")
    assert ran.code == ExitCode.USAGE
    assert "'bash', 'zsh', 'fish'" in ran.err


def test_a_missing_shell_is_named_with_the_choices_on_one_line(command):
    ran = command("completion")
    assert ran.code == ExitCode.USAGE
    assert ran.err.splitlines()[0] == ("breakglass-tui: Missing argument 'bash|zsh|fish'. Choose from: bash, zsh, fish")


@pytest.mark.parametrize(
    ("shell", "words", "answer"),
    [
        ("zsh", {"COMP_WORDS": "breakglass-tui undo a", "COMP_CWORD": "2"}, ["plain", "aa11bb", "_"]),
        ("fish", {"COMP_WORDS": "breakglass-tui undo a", "COMP_CWORD": "a"}, ["plain,aa11bb"]),
    ],
)
def test_the_other_shells_get_their_answer_and_no_warning(left_run, monkeypatch, shell, words, answer):
    left_run("aa11bb", "create-user")
    environment = {**os.environ, **words, "MOTO_STRAY": "1", "_BREAKGLASS_TUI_COMPLETE": f"{shell}_complete"}
    child = pexpect.spawn(
        sys.executable, ["-m", "breakglass_tui"], env=environment, encoding="utf-8", timeout=30, use_poll=True
    )
    assert child.read().split() == answer


def test_a_name_with_control_characters_is_not_offered(tmp_path, monkeypatch):
    import click

    from breakglass_tui.cli.completion import envelopes, runs
    from breakglass_tui.cli.program import cli

    monkeypatch.chdir(tmp_path)
    Path("fine.age").touch()
    Path("x\x1b[2J.age").touch()
    root = runs_root(demo=False) / "runs"
    for name in ("good", "bad\nplain,x"):
        (root / name).mkdir(parents=True)
        (root / name / "journal.jsonl").touch()
    context = click.Context(cli)
    assert [item.value for item in envelopes(context, None, "") if item.type == "plain"] == ["fine.age"]
    assert [item.value for item in runs(context, None, "")] == ["good"]
    shutil.rmtree(root)
    assert runs(context, None, "") == []
    assert [item.type for item in envelopes(context, None, "nowhere/")] == ["dir"]

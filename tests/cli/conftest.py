"""Command lines that reach a cloud in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from last_line_bench import Bench

from breakglass_tui.cli.running import run
from breakglass_tui.domain.events import RunFinished, RunStarted, RunStatus, StepBrief, StepStarted
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.settings import runs_root


@dataclass
class Ran:
    """The exit code, stdout and stderr of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """Return stdout as one JSON document."""
        return json.loads(self.out)


@pytest.fixture
def command(capsys) -> Callable[..., Ran]:
    """Return a function that runs one command line in this process."""

    def _command(*arguments: object) -> Ran:
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return _command


@pytest.fixture
def connected(fake_cloud, monkeypatch):
    """Replace each connection to AWS by ``fake_cloud``, and return the list of calls."""
    calls = []

    def connect(**given):
        calls.append(given)
        return fake_cloud

    monkeypatch.setattr("breakglass_tui.aws.connect.connect", connect)
    return calls


@pytest.fixture
def request_file(tmp_path) -> Path:
    """Return a valid request, sealed to a recipient whose identity is unknown."""
    path = tmp_path / "request.toml"
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    path.write_text(f'region = "eu-west-1"\nuser_name = "bg-alice"\nseal_to = ["{recipient}"]\n')
    return path


@pytest.fixture
def left_run(tmp_path, clock) -> Callable[..., Path]:
    """Return a function that writes the journal of an interrupted run with the first ``may_exist`` steps started.

    With ``finished`` the run has ended, and nothing of it exists.
    """

    def _left_run(
        id: str,
        *steps: str,
        may_exist: int = 1,
        account_id: str = "123456789012",
        finished: bool = False,
        **fields: Any,
    ) -> Path:
        request = {"region": "eu-west-1", "user_name": f"bg-{id}", **fields}
        caller = f"arn:aws:iam::{account_id}:user/ops-admin"
        header = RunHeader(id, account_id, caller, "eu-west-1", demo=False, request=request, directory=str(tmp_path))
        store = RunStore(runs_root(demo=False))
        with store.open_journal(header) as journal:
            journal.write(RunStarted(clock.now(), header, tuple(StepBrief(step, f"Make {step}") for step in steps)))
            for step in steps[:may_exist]:
                journal.write(StepStarted(clock.now(), step))
            if finished:
                journal.write(RunFinished(clock.now(), RunStatus.UNDONE, None))
        return store.root / "runs" / id / "journal.jsonl"

    return _left_run


@pytest.fixture
def bench(connected, fake_cloud, fake_step, fake_check, monkeypatch, request_file, tmp_path) -> Bench:
    """Return the bench for tests of the last line."""
    return Bench(fake_cloud, fake_step, fake_check, monkeypatch, request_file, tmp_path / "out")


@pytest.fixture
def ran(command) -> Callable[..., Ran]:
    """Return a function that runs one command line with a global option."""
    return lambda *words: command("--profile", "two words", *words)

"""A copy of the golden files, and the command line that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from golden_kit import Copy, World, copied

from breakglass_tui.cli.running import run
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext

HASTE = 50
"""Seconds that pass in one second: a step waits until several reads agree that a thing is gone."""


@dataclass
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """All of stdout as one JSON document."""
        return json.loads(self.out)


@pytest.fixture
def golden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """The golden files as the state of this machine."""
    copy = copied(tmp_path / "golden")
    monkeypatch.setenv("XDG_STATE_HOME", str(copy.state))
    return copy


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs one command line in this process."""

    def _command(*arguments: object) -> Ran:
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return _command


@pytest.fixture
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps wait a fraction of the time, and measure it as the whole."""
    ticks, wait = SystemClock.ticks, StepContext.wait
    monkeypatch.setattr(SystemClock, "ticks", lambda self: ticks(self) * HASTE)
    monkeypatch.setattr(StepContext, "wait", lambda self, seconds: wait(self, seconds / HASTE))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, haste: None) -> Iterator[World]:
    """A fresh simulated account, and credentials for it in the environment."""
    with DemoAccount() as demo:
        world = World(demo)
        for name, value in world.environment.items():
            monkeypatch.setenv(name, value)
        yield world

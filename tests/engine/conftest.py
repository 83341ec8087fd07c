"""Fixtures of the engine's tests: one event of each kind, and runs with a journal in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.plan import Plan, StepOutcome
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.secrets.secret import Secret

NOW = datetime(2026, 11, 22, 9, 30, 15, 250000, tzinfo=UTC)
CANARY = "canary-4f1c-Sesame/+=="
STEP, CHECK = e.CallSource.STEP, e.CallSource.CHECK


def every_event(header: RunHeader) -> list[e.Event]:
    """Return one event of each kind, with every field set."""
    problem = Problem("It broke.", why="It is old.", next="Fix it.", kind=Kind.REFUSED, code="Broken")
    call = Call("iam:CreateUser", "req-1", 40, 3, "Throttling", lost=True)
    texts = ("yes", "no", "why", "remedy", "pending")
    result = CheckResult("caller", "Caller", CheckStatus.WARN, *texts, calls=(call,), elapsed_ms=7)
    envelope = e.EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")
    secret = StoreSecret("Secret access key", Secret(CANARY), (("Access key id", "AKIA1"),))
    briefs = (e.StepBrief("create-user", "User"), e.StepBrief("access-key", "Key"))
    return [
        e.RunStarted(NOW, header, briefs),
        e.PreflightFinished(NOW, result),
        e.StepStarted(NOW, "create-user"),
        e.StepNoted(NOW, "create-user", "waiting"),
        e.CallStarted(NOW, STEP, "create-user", "iam:CreateUser", 1),
        e.CallDelayed(NOW, STEP, "create-user", "iam:CreateUser", "Throttling", 1.25),
        e.CallFinished(NOW, STEP, "create-user", call),
        r.CallSettled(NOW, "create-user", "iam:CreateUser", "carried out"),
        r.FactLearned(NOW, "create-user", "user_id", "AIDA1"),
        r.UnmanagedFound(NOW, "access-key", "AKIA2"),
        r.EnvelopeStarted(NOW, "access-key", "/x/bg.access-key.age"),
        e.Asked(NOW, "access-key", 1, secret),
        e.Answered(NOW, "access-key", 1),
        r.SecretStored(NOW, "access-key"),
        e.StepFinished(NOW, "create-user", e.StepStatus.DONE, 12, "made", {"user_id": "A"}, (envelope,), problem),
        e.PermanentPasswordSealed(NOW, "access-key", (envelope,)),
        r.FirstSignInDone(NOW, "access-key"),
        e.UndoStarted(NOW, "asked for", ("access-key", "create-user")),
        e.StepUndoing(NOW, "create-user"),
        e.StepUndone(NOW, "create-user", 9, problem),
        e.CheckStarted(NOW, "caller"),
        e.CheckFinished(NOW, result),
        e.RunFinished(NOW, e.RunStatus.INCOMPLETE, problem, stopped=True),
        e.RunResumed(NOW, "undo"),
    ]


@pytest.fixture
def new_threads() -> Callable[[], list[str]]:
    """Return a function that names the program's threads that were started in this test and still live."""
    before = set(threading.enumerate())
    return lambda: [
        each.name for each in threading.enumerate() if each not in before and each.name.startswith("breakglass")
    ]


@pytest.fixture
def events(header: RunHeader) -> list[e.Event]:
    return every_event(header)


@dataclass
class Memo:
    """A journal in memory. Write number ``fails_at`` and all later ones fail."""

    fails_at: int = 0
    kept: list[e.Event] = field(default_factory=list)
    tried: int = 0

    def write(self, event: e.Event) -> None:
        self.tried += 1
        if self.fails_at and self.tried >= self.fails_at:
            raise Problem("The journal cannot be written.", kind=Kind.LOCAL, code="JournalUnwritable")
        self.kept.append(event)


@dataclass
class Bench:
    """Makes runs of fake steps, and consumes their events."""

    header: RunHeader
    clock: Any

    def run(self, steps: Any, memo: Memo | None = None, **how: Any) -> Run:
        memo = memo or Memo()
        return Run(Plan(tuple(steps)), self.header, open_journal=lambda: nullcontext(memo), clock=self.clock, **how)

    def replay(self, events: Any) -> RunRecord:
        """Return the record that a later process reads from a journal with ``events``."""
        record = RunRecord()
        for event in events:
            record.apply(event)
        return record

    def consume(self, run: Run, earlier: RunRecord | None = None, on: Any = None) -> tuple[RunRecord, list[e.Event]]:
        record, seen = earlier or RunRecord(), []
        for event in run.events():
            record.apply(event)
            seen.append(event)
            if on:
                on(event)
        return record, seen


@pytest.fixture
def bench(header: RunHeader, clock: Any) -> Bench:
    return Bench(header, clock)


@pytest.fixture
def memo() -> type[Memo]:
    return Memo


@pytest.fixture
def log():
    return []


@pytest.fixture
def no_waiting(monkeypatch):
    def wait(self, seconds):
        if self.stopping:
            raise Stopped

    monkeypatch.setattr(StepContext, "wait", wait)


@pytest.fixture
def steps(fake_step, log):
    """Three fake steps. A test can change what they do."""
    user = fake_step("user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}), log=log)
    return [user, fake_step("key", frozenset({"user"}), log=log), fake_step("policy", frozenset({"key"}), log=log)]


@pytest.fixture
def killed_during(bench, memo, steps, log):
    """The record from the journal of a run whose process was killed during the step ``key``."""

    def killed_during(during="key", *, status=None):
        kept = memo()
        seen = []

        def reached(event):
            seen.append(len(kept.kept))
            return isinstance(event, e.CallFinished) and event.id == during

        for event in bench.run(steps, kept).events():
            if reached(event):
                break
        earlier = bench.replay(kept.kept[: seen[-1]])
        log.clear()
        return earlier

    return killed_during

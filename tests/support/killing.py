"""A run that is killed at an event of its journal, and continues in another process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pyrage
import pytest
from stored_runs import only_run

from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.domain import events as e
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.compose import new_run, resumed_run, resumed_setup
from breakglass_tui.engine.journal import Journal, read

IDENTITY = pyrage.x25519.Identity.generate()


class Killed(BaseException):
    """The process has ended: nothing more is written or sent."""


@dataclass
class Point:
    """A point in a run: just before or just after an event is written."""

    kind: type
    name: str = ""
    before: bool = False

    def matches(self, event: Any) -> bool:
        """Return whether ``event`` is the one of this point."""
        call = getattr(event, "call", event)
        named = {getattr(call, "operation", ""), getattr(event, "step", ""), Path(getattr(event, "path", "")).name}
        return isinstance(event, self.kind) and (not self.name or self.name in named)

    def __str__(self) -> str:
        return f"{'before' if self.before else 'after'} {self.kind.__name__} {self.name}".strip()


class Unlooked(AwsCloud):
    """A cloud without preflight checks, which have separate tests."""

    def preflight(self, setup: Any) -> tuple[()]:
        return ()


@dataclass
class Processes:
    """A run in several successive processes."""

    lab: Any
    monkeypatch: pytest.MonkeyPatch
    asked: list[Any] = field(default_factory=list)

    @property
    def cloud(self) -> Unlooked:
        """The account. It is not marked as simulated, because a simulated one is new in every process."""
        return Unlooked(self.lab.clients, demo=False)

    @property
    def record(self) -> RunRecord:
        """Return the stored run."""
        stored = only_run(self.lab.store)
        assert stored.problem is None
        return stored.record

    def events(self) -> list[e.Event]:
        """Return the events of the journal."""
        (path,) = self.lab.store.root.glob("runs/*/journal.jsonl")
        return list(read(path))

    def begin(self, point: Point, **fields: Any) -> None:
        """Start a run, and kill it at ``point``."""
        fields = {"seal_to": [str(IDENTITY.to_public())], **fields}
        run = new_run(self.cloud, self.lab.everything(**fields), self.lab.store, self.lab.clock)
        with self._killed_at(point), pytest.raises(Killed):
            self._carry_out(run)

    def again(self, *, undo: bool, point: Point | None = None) -> RunRecord:
        """Resume the run in the next process, which may be killed too."""
        stored = only_run(self.lab.store)
        setup = resumed_setup(stored, self.lab.account)
        run = resumed_run(self.cloud, setup, stored, self.lab.store, undo=undo, clock=self.lab.clock)
        if point is None:
            self._carry_out(run)
        else:
            with self._killed_at(point), pytest.raises(Killed):
                self._carry_out(run)
        return self.record

    def _carry_out(self, run: Any) -> None:
        self.asked = []
        for event in run.events():
            if isinstance(event, e.Asked):
                self.asked.append(event.question)
                run.answer(event.number, self._answer(event.question))

    def _answer(self, question: Any) -> Any:
        if isinstance(question, StoreSecret):
            return True
        totp, now = pyotp.TOTP(question.seed.reveal()), int(self.lab.clock.now().timestamp())
        return totp.at(now - 30), totp.at(now)

    @contextlib.contextmanager
    def _killed_at(self, point: Point) -> Iterator[None]:
        real, dead = Journal.write, []

        def write(journal: Journal, event: Any) -> None:
            if not dead and point.matches(event):
                dead.append(event)
                if not point.before:
                    real(journal, event)
            if dead:
                raise Killed
            real(journal, event)

        with self.monkeypatch.context() as patch:
            patch.setattr(Journal, "write", write)
            yield

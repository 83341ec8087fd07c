"""Fixtures that run the App on an AWS account in memory and drive it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from accepting import ask_to_create as ask
from fake_account import FakeClock, FakeCloud
from textual import events

from breakglass_tui.engine.compose import new_run
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.state.phase import Phase


@dataclass
class HandClock:
    """A clock that only a test advances."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    passed: float = 0

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.passed)

    def ticks(self) -> float:
        return self.passed


@pytest.fixture
def hand_clock() -> HandClock:
    """A clock that ``hand_clock.passed += 5`` advances by 5 seconds."""
    return HandClock()


@pytest.fixture
def fake_cloud() -> Iterator[FakeCloud]:
    """A realistic account. At the end of the test every held call is released, so that no thread is left."""
    cloud = FakeCloud()
    yield cloud
    cloud.release()


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., BreakGlassApp]:
    """``make_app(cloud, **values)``: the App on that cloud, with a fixed date and generated name."""

    def make(cloud: FakeCloud, **values: Any) -> BreakGlassApp:
        values = {
            "demo": True,
            "directory": tmp_path / "out",
            "journals": tmp_path / "state",
            "clock": FakeClock(),
            **values,
        }
        cloud.demo = cloud.demo and values["demo"]
        app = BreakGlassApp(cloud.connect, **values)
        app.session.connection.program = "breakglass-tui --demo --region eu-west-1"
        app.session.draft.generated_name = "break-glass-20261122-k7qm3x"
        return app

    return make


@pytest.fixture
def until() -> Callable[..., Any]:
    """``await until(condition)``: wait until it holds, at most half a minute."""

    async def wait(condition: Callable[[], object], what: str = "the condition") -> None:
        limit = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < limit, f"waited in vain for {what}"
            await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def screen_text() -> Callable[[BreakGlassApp], str]:
    """``screen_text(app)``: the text on the screen, as lines."""

    def read(app: BreakGlassApp) -> str:
        return "\n".join("".join(part.text for part in strip) for strip in app.screen._compositor.render_strips())

    return read


@pytest.fixture
def assessment(make_app: Callable[..., BreakGlassApp], until: Callable[..., Any]) -> Callable[..., Any]:
    """``async with assessment(cloud, size) as pilot``: the form is open and the account is read."""

    @asynccontextmanager
    async def open_form(cloud: FakeCloud, size: tuple[int, int] = (80, 24), *, read: bool = True) -> AsyncIterator[Any]:
        app = make_app(cloud)
        async with app.run_test(size=size) as pilot:
            await pilot.press("n")
            await until(lambda: app.screen.query("AssessmentForm") and not app.screen.query("#opening"), "the form")
            if read:
                await until(lambda: app.session.connection.is_read, "the account")
            await pilot.pause()
            yield pilot
            cloud.release()
            await until(lambda: app.screen.is_mounted, "the screen")
            await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")

    return open_form


@pytest.fixture
def paste() -> Callable[..., Any]:
    """``await paste(pilot, text)``: paste into the field with the focus, as a terminal does."""

    async def send(pilot: Any, text: str) -> None:
        pilot.app.focused.post_message(events.Paste(text))
        await pilot.pause()

    return send


@pytest.fixture
def go_to() -> Callable[..., Any]:
    """``await go_to(pilot, name)``: focus the field ``name`` of the assessment."""

    async def focus(pilot: Any, name: str) -> None:
        pilot.app.screen.query_one(f"#{name}").control.focus()
        await pilot.pause()

    return focus


@pytest.fixture
def open_at(make_app: Callable[..., BreakGlassApp], until: Callable[..., Any]) -> Callable[..., Any]:
    """``async with open_at(phase, cloud, size, prepare, demo=…, access=…) as pilot``: that screen is the first.

    The request is reviewed. ``prepare(app)`` may do more before the app starts.
    """

    @asynccontextmanager
    async def start(
        phase: Phase,
        cloud: FakeCloud,
        size: tuple[int, int],
        prepare: Callable[[BreakGlassApp], None],
        *,
        demo: bool = True,
        **draft: Any,
    ) -> AsyncIterator[Any]:
        app = make_app(cloud, demo=demo)
        session = app.session
        session.connection.cloud, session.connection.caller, session.connection.account = (
            cloud,
            cloud.account.caller,
            cloud.account,
        )
        for name, value in {"region": cloud.region, **draft}.items():
            setattr(session.draft, name, value)
        assert not review(app.session)
        prepare(app)

        def first() -> Any:
            screen = app.screen_of(phase)
            screen._push_result_callback(screen, None)
            return screen

        app.accounts.connect = lambda: None
        app.get_default_screen = first
        async with app.run_test(size=size) as pilot:
            await until(lambda: app.screen.focused, "the screen")
            await pilot.pause()
            yield pilot
            cloud.release()
            await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")

    return start


@pytest.fixture
def summary(open_at: Callable[..., Any]) -> Callable[..., Any]:
    """``async with summary(cloud, size, demo=…, access=…) as pilot``: a reviewed request is on the screen."""
    return lambda cloud, size=(80, 24), **values: open_at(Phase.SUMMARY, cloud, size, lambda app: None, **values)


@pytest.fixture
def ask_to_create(until: Callable[..., Any]) -> Callable[..., Any]:
    """``await ask_to_create(pilot)``: press enter on the Summary, accept each risk, and wait for the question."""
    return lambda pilot: ask(pilot, until)


@pytest.fixture
def validation(open_at: Callable[..., Any]) -> Callable[..., Any]:
    """``async with validation(cloud, size) as pilot``: a run is done and its checks begin."""

    def carry_out(app: BreakGlassApp) -> None:
        session = app.session
        gates, session.connection.cloud._gates = session.connection.cloud._gates, {}
        session.run.engine = new_run(session.connection.cloud, session.run.setup, session.journals.store, session.clock)
        for event in session.run.engine.events():
            session.run.record.apply(event)
        session.connection.cloud._gates = gates
        session.connection.cloud.inspected.clear()

    return lambda cloud, size=(80, 24), **values: open_at(Phase.VALIDATION, cloud, size, carry_out, **values)

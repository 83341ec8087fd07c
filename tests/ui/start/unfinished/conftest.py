"""Unfinished runs of earlier processes, and an App that starts after them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_account import FakeClock

from breakglass_tui.domain.events import StepFinished
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog

AN_HOUR_BEFORE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
"""An hour before the App of ``make_app`` starts."""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return the directory of the journals of the App of ``make_app``."""
    return tmp_path / "state"


@pytest.fixture
def interrupted(tmp_path: Path, state: Path) -> Callable[..., str]:
    """Return ``interrupted(cloud, name, after=…)``: it records a run whose process ended after that step.

    It returns the id of the run. With ``stop`` the operator stops the run after that step instead, so that its journal
    has an end. Each run starts a minute after the previous one.
    """
    later = itertools.count()

    def record(
        cloud: Any, name: str = "bg-night", *, after: str = "create-user", stop: Any = None, **request: Any
    ) -> str:
        asked = parse_request({"region": cloud.region, "user_name": name, **request})
        setup = new_setup(asked, cloud.account, tmp_path / "out" / name)
        if asked.seal_passphrase:
            setup.vault.put(PASSPHRASE, Secret("gone with its process"))
        run = new_run(cloud, setup, RunStore(state), FakeClock(AN_HOUR_BEFORE + timedelta(minutes=next(later))))
        events = run.events()
        for event in events:
            if isinstance(event, StepFinished) and event.step == after:
                if stop is None:
                    break
                run.stop(stop)
        events.close()
        cloud.applied.clear()
        cloud.inspected.clear()
        return setup.run_id

    return record


@pytest.fixture
def of_another_account(interrupted: Callable[..., str]) -> Callable[..., str]:
    """Return ``of_another_account(cloud, "111122223333")``: it records an interrupted run of that account."""

    def run(cloud: Any, account_id: str) -> str:
        mine = cloud.account
        cloud.account = replace(mine, caller=replace(mine.caller, account_id=account_id))
        try:
            return interrupted(cloud, "bg-elsewhere")
        finally:
            cloud.account = mine

    return run


@pytest.fixture
def started(make_app: Callable[..., Any], until: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``started(cloud, size, **app)``: a context with the pilot of a started App, with or without the dialog."""

    @asynccontextmanager
    async def start(
        cloud: Any, size: tuple[int, int] = (80, 24), *, dialog: bool = True, **values: Any
    ) -> AsyncIterator[Any]:
        app = make_app(cloud, **values)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(lambda: app.session.connection.is_read, "the account")
            await until(lambda: app.session.journals.history is not None and app.screen.query("#runs"), "the list")
            if dialog:
                await until(lambda: app.focused is app.screen.query_one("#runs"), "the focus on the list")
                await pilot.press("enter")
                await until(lambda: isinstance(app.screen, UnfinishedDialog), "the dialog")
            await pilot.pause()
            try:
                yield pilot
            finally:
                cloud.release()
                if app.session.run.running:
                    app.runs.stop("keep")
                await until(lambda: not app.session.run.running, "the end of the run")
                await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")

    return start


@pytest.fixture
def sees(until: Callable[..., Any], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``sees(pilot, "text", …)``: it waits until all texts are on the screen, wrapped or not."""

    def read(app: Any) -> str:
        return " ".join(screen_text(app).replace("│", " ").split())

    async def wait(pilot: Any, *texts: str) -> None:
        wanted = [" ".join(text.split()) for text in texts]
        try:
            await until(lambda: all(text in read(pilot.app) for text in wanted))
        except AssertionError:
            missing = [text for text in wanted if text not in read(pilot.app)]
            raise AssertionError(f"{missing} is not on the screen:\n{screen_text(pilot.app)}") from None

    return wait


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts of the App's notifications, which disappear from the screen."""
    texts: list[str] = []
    notify = BreakGlassApp.tell

    def listen(app: BreakGlassApp, text: str, **values: Any) -> None:
        texts.append(text)
        notify(app, text, **values)

    monkeypatch.setattr(BreakGlassApp, "tell", listen)
    return texts


@pytest.fixture
def agreed(until: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``agreed(pilot, "r")``: it presses that key in the dialog and confirms."""

    async def press(pilot: Any, key: str) -> None:
        await pilot.press(key)
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        await pilot.press("y")

    return press

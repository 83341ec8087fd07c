"""An account with emergency users, their saved verdicts, and an App on its start screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_account import ACCOUNT_ID, FakeCloud

from breakglass_tui.domain.account import AccountList, User
from breakglass_tui.domain.checks import Verdict
from breakglass_tui.engine.verdict_store import SavedVerdict, VerdictStore

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
"""The time at which the App of ``make_app`` starts."""
USERS = (
    User("bg-carol", "/breakglass/eu/", "AIDACAROL"),
    User("bg-alice", "/breakglass/", "AIDAALICE", NOW - timedelta(days=300), NOW - timedelta(days=2)),
    User("bg-bob", "/breakglass/", "AIDABOB"),
    User("bob", "/", "AIDA4"),
    User("breakglass", "/break", "AIDA5"),
)


@pytest.fixture
def cloud(fake_cloud: FakeCloud) -> FakeCloud:
    """Return an account with three emergency users."""
    fake_cloud.account = replace(fake_cloud.account, users=AccountList(USERS))
    return fake_cloud


@pytest.fixture
def proven(tmp_path: Path) -> Callable[..., None]:
    """Return ``proven("bg-alice", Verdict.READY, 12)``: it saves that verdict of that user, so many days ago."""

    def keep(name: str, verdict: Verdict, days: float, user_id: str = "") -> None:
        id = user_id or next((user.id for user in USERS if user.name == name), "")
        VerdictStore(tmp_path / "state").save(SavedVerdict(ACCOUNT_ID, name, id, verdict, NOW - timedelta(days=days)))

    return keep


@pytest.fixture
def start(make_app: Callable[..., Any], until: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``start(cloud, size)``: a context with a pilot at the start screen. With ``read``, the lists are read."""

    @asynccontextmanager
    async def open_start(
        cloud: FakeCloud, size: tuple[int, int] = (80, 24), *, read: bool = True, **values: Any
    ) -> AsyncIterator[Any]:
        app = make_app(cloud, **values)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(lambda: app.screen.query("#users") and app.focused, "the lists")
            if read:
                await until(lambda: app.session.journals.history and app.session.connection.is_read, "all")
            await pilot.pause()
            try:
                yield pilot
            finally:
                cloud.release()
                await until(lambda: not app.session.run.running, "the end of the run")
                await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")

    return open_start


@pytest.fixture
def sees(until: Callable[..., Any], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``sees(pilot, "text", …)``: it waits until all texts are on the screen, in columns or not."""

    async def wait(pilot: Any, *texts: str) -> None:
        def missing() -> list[str]:
            joined = " ".join(screen_text(pilot.app).replace("│", " ").split())
            return [text for text in texts if text not in joined]

        try:
            await until(lambda: not missing())
        except AssertionError:
            raise AssertionError(f"{missing()} is not on the screen:\n{screen_text(pilot.app)}") from None

    return wait

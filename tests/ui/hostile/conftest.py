"""An App on a hostile account, and every byte that it writes to the terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hostile import broken_columns, steering
from hostile_cloud import HostileCloud
from textual.drivers.headless_driver import HeadlessDriver

BELL = "\x07"
"""The bell, which the App itself rings."""


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return everything that the driver writes. It is what a terminal gets, other than the copy of the screen."""
    stream: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda _: False))
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: None if data == BELL else stream.append(data))
    return stream


@pytest.fixture
def walk(make_app: Callable[..., Any], until: Callable[..., Any], written: list[str]) -> Callable[..., Any]:
    """Return ``walk(cloud, size)``: a context with a pilot at the form, or without ``form`` at the start screen."""

    @asynccontextmanager
    async def start(
        cloud: HostileCloud, size: tuple[int, int] = (120, 40), *, form: bool = True, **values: Any
    ) -> AsyncIterator[Any]:
        app = make_app(cloud, **values)
        async with app.run_test(size=size, notifications=True) as pilot:
            try:
                if form:
                    await pilot.press("n")
                ready = "AssessmentForm" if form else "StartBody"
                await until(lambda: app.screen.query(ready) and not app.screen.query("#opening"), "the screen")
                yield pilot
            finally:
                cloud.release()
                if app.session.run.running:
                    app.runs.stop("keep")
                await until(lambda: not app.session.run.running, "the end of the run")
                await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")

    return start


@pytest.fixture
def clean(written: list[str], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``clean(pilot, "literal", …)``.

    It checks that nothing hostile was written since the last call, and that each literal is on the screen.
    """

    async def look(pilot: Any, *literals: str) -> None:
        await pilot.pause()
        stream, text = "".join(written), screen_text(pilot.app)
        assert stream, "nothing was written at all"
        written.clear()
        assert steering(stream) == []
        assert broken_columns(text.splitlines(), pilot.app.size.width) == []
        joined = "".join(text.replace("│", " ").split())
        missing = [literal for literal in literals if "".join(literal.split()) not in joined]
        assert missing == [], text

    return look

"""The real app on a real terminal, driven by a script. Marks in its output show the position in the script.

Called with the endpoint, the user's name and where the walk ends: ``done``, ``crash`` with a secret on the screen, or
``kill`` with one there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
from accepting import ask_to_create

from breakglass_tui.aws.connect import connect
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.logs import open_log
from breakglass_tui.settings import export_root, runs_root
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.state.phase import Phase

MARK = "\x1b]7770;{}\x07"


class Walk:
    """Press keys one after the other, each as soon as the app is ready for it."""

    def __init__(self, app: BreakGlassApp, name: str, end: str) -> None:
        self.app, self.name, self.end = app, name, end

    async def __call__(self, pilot: Any) -> None:
        """Walk from the start screen to the report."""
        session = self.app.session
        await self._until(lambda: session.connection.account is not None and session.connection.account.complete)
        await pilot.press("n")
        await self._until(lambda: self.app.screen.query("#user_name"))
        await pilot.press("tab", *self.name, "tab", "tab", "tab", "right", "right", "tab", "tab", "right", "ctrl+n")
        await self._until(
            lambda: self.app.phase is Phase.SUMMARY and session.run.preflight and not session.run.prechecking
        )
        await pilot.pause()
        await ask_to_create(pilot, self._until)
        await pilot.press("y")
        await self._until(lambda: self.app.phase is Phase.CONFIGURATION)
        while not session.run.record.finished_at:
            await self._until(lambda: session.run.record.questions or session.run.record.finished_at)
            if session.run.record.questions:
                await self._answer(pilot, *min(session.run.record.questions.items()))
        await pilot.pause()
        await pilot.press("enter")
        await self._until(lambda: session.run.record.checks and not session.run.validation.inspecting)
        await self._export(pilot)
        await pilot.press("ctrl+q")

    async def _export(self, pilot: Any) -> None:
        await pilot.press("e")
        await self._until(lambda: self.app.session.run.validation.exported)

    async def _answer(self, pilot: Any, number: int, asked: Any) -> None:
        question = asked.question
        await pilot.pause()
        if isinstance(question, MfaCodes):
            await self._shown(pilot, "s")
            totp, now = pyotp.TOTP(question.seed.reveal()), time.time()
            await pilot.press(*totp.at(now - 30), *totp.at(now), "enter")
        else:
            await self._shown(pilot, "r")
            await pilot.press("y", "y")
        await self._until(lambda: number not in self.app.session.run.record.questions)

    async def _shown(self, pilot: Any, key: str) -> None:
        self._mark("bare")
        await pilot.press(key)
        await self._until(lambda: self.app.shows_secret)
        if self.end == "kill":
            await self._drawn()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.end == "crash":
            await self._drawn()
            self.app.call_later(self._crash)
            await self.app._exception_event.wait()
            raise asyncio.CancelledError  # the app has ended
        await self._drawn()
        await pilot.press(key)
        await self._until(lambda: not self.app.shows_secret)
        await self._drawn()
        self._mark("masked")

    def _crash(self) -> None:
        self._mark("crashing")
        secret = min(self.app.session.run.record.questions.items())[1].question
        shown = (secret.seed if isinstance(secret, MfaCodes) else secret.secret).reveal()
        raise RuntimeError(f"nobody planned for this: {shown}")

    async def _drawn(self) -> None:
        """Wait until the current screen has been written to the terminal."""
        done = asyncio.Event()
        self.app.call_after_refresh(done.set)
        await done.wait()

    def _mark(self, name: str) -> None:
        driver = self.app._driver
        assert driver is not None
        driver.write(MARK.format(name))

    async def _until(self, holds: Callable[[], object], _what: str = "") -> None:
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110 - the condition is a state of the screen
                await asyncio.sleep(0.02)


def main() -> None:
    """Turn on all logs, into a file beside the others."""
    endpoint, name, end = sys.argv[1:]
    logging.basicConfig(level=logging.DEBUG, filename=Path("said") / "root.log")
    open_log()
    keys = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])

    def connection() -> Any:
        return connect(region="eu-west-1", endpoint_url=endpoint, credentials=keys, demo=True)

    app = BreakGlassApp(connection, demo=True, directory=export_root(demo=True), journals=runs_root(demo=True))
    app.run(auto_pilot=Walk(app, name, end))
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()

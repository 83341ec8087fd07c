"""The app on a real terminal. It reveals one secret, from the key until the secret hides itself.

Called with a directory and what is revealed: ``password``, ``seed`` or ``code``. Marks in its output enclose the
reveal.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enrolling import NAME, SEED, URI
from fake_account import FakeClock, FakeCloud

from breakglass_tui.domain.questions import MfaCodes, StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.state.phase import Phase

MARK = "\x1b]7770;{}\x07"
PASSWORD = "correct-HORSE-battery-42"
KEYS = {"password": "r", "seed": "s", "code": "r"}
TIMES = 10
"""How much faster than real time the countdown runs."""


class FastClock(FakeClock):
    """A clock whose durations are shorter than real ones."""

    def ticks(self) -> float:
        return time.monotonic() * TIMES


def app_that_asks(directory: Path, what: str) -> BreakGlassApp:
    """Return an App whose first screen is that of a run. The run asks about the secret ``what``."""
    cloud = FakeCloud()
    question = (
        StoreSecret("Console password", Secret(PASSWORD))
        if what == "password"
        else MfaCodes(f"arn:aws:iam::123456789012:mfa/{NAME}", URI, Secret(SEED))
    )
    cloud.on_apply["create-user"] = lambda context: StepOutcome(str(context.ask(question)))
    app = BreakGlassApp(cloud.connect, demo=True, directory=directory, journals=directory, clock=FastClock())
    session = app.session
    session.connection.cloud, session.connection.caller, session.connection.account = (
        cloud,
        cloud.account.caller,
        cloud.account,
    )
    session.draft.region, session.draft.generated_name = cloud.region, NAME
    assert not review(app.session)

    def first() -> Any:
        screen = app.screen_of(Phase.CONFIGURATION)
        screen._push_result_callback(screen, None)
        return screen

    app.accounts.connect = lambda: None
    app.get_default_screen = first
    return app


async def until(holds: Callable[[], object]) -> None:
    """Wait until ``holds`` is true."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - the condition is a state of the screen
            await asyncio.sleep(0.02)


def main() -> None:
    """Reveal the secret, wait until it hides itself, and end without the question answered."""
    directory, what = sys.argv[1:]
    app = app_that_asks(Path(directory), what)

    async def drawn() -> None:
        done = asyncio.Event()
        app.call_after_refresh(done.set)
        await done.wait()

    async def reveal(pilot: Any) -> None:
        await until(lambda: app.screen.focused)
        assert app.runs.start()
        await until(lambda: app.session.run.record.questions)
        await pilot.pause()
        await drawn()
        app._driver.write(MARK.format("before"))
        await pilot.press(KEYS[what])
        await until(lambda: app.shows_secret)
        await until(lambda: not app.shows_secret)
        await drawn()
        app._driver.write(MARK.format("after"))
        app.exit()

    app.run(auto_pilot=reveal)


if __name__ == "__main__":
    main()

"""A run that has started, on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from enrolling import NAME, REFUSED, RIGHT, SEED, URI

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.state.phase import Phase


@pytest.fixture
def refused() -> Callable[[StepContext], Any]:
    """Return the function of a step that AWS refuses."""

    def apply(context: StepContext) -> Any:
        raise Problem("AWS refused iam:CreateLoginProfile.", why="Not allowed.", next="Ask for it.", kind=Kind.REFUSED)

    return apply


@pytest.fixture
def configuration(make_app: Callable[..., Any], until: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``configuration(cloud, size, clock=…, access=…)``: a context with the pilot of an App in a started run."""

    @asynccontextmanager
    async def configure(
        cloud: Any, size: tuple[int, int] = (80, 24), *, clock: Any = None, demo: bool = True, **draft: Any
    ) -> AsyncIterator[Any]:
        app = make_app(cloud, demo=demo, **({"clock": clock} if clock else {}))
        session = app.session
        session.connection.cloud, session.connection.caller, session.connection.account = (
            cloud,
            cloud.account.caller,
            cloud.account,
        )
        for name, value in {"region": cloud.region, **draft}.items():
            setattr(session.draft, name, value)
        assert not review(app.session)

        def first() -> Any:
            screen = app.screen_of(Phase.CONFIGURATION)
            screen._push_result_callback(screen, None)
            return screen

        app.accounts.connect = lambda: None
        app.get_default_screen = first
        async with app.run_test(size=size) as pilot:
            await until(lambda: app.screen.focused, "the screen")
            assert app.runs.start()
            try:
                yield pilot
            finally:
                cloud.release()
                if session.run.running:
                    app.runs.stop("undo")
                await until(lambda: not session.run.running, "the end of the run")

    return configure


@pytest.fixture
def sees(until: Callable[..., Any], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``sees(pilot, "text", …)``: it waits until all texts are on the screen, wrapped or in columns or not."""

    def read(app: Any) -> str:
        lines = screen_text(app).replace("│", " ").splitlines()
        columns = [widget.region for widget in app.screen.query("#mfa-side, #scan-code, #detail") if widget.region]
        blocks = [lines, *([line[at.x : at.right] for line in lines[at.y : at.bottom]] for at in columns)]
        return "\n".join(" ".join(" ".join(block).split()) for block in blocks)

    async def wait(pilot: Any, *texts: str) -> None:
        wanted = [" ".join(text.split()) for text in texts]
        try:
            await until(lambda: all(text in read(pilot.app) for text in wanted))
        except AssertionError:
            missing = [text for text in wanted if text not in read(pilot.app)]
            raise AssertionError(f"{missing} is not on the screen:\n{screen_text(pilot.app)}") from None

    return wait


@pytest.fixture
def enrolment(fake_cloud):
    """Return a cloud whose MFA step asks until the codes are right. ``answers`` has every answer it got."""
    fake_cloud.answers = []

    def enrol(context):
        refused = ""
        while True:
            codes = context.ask(MfaCodes(f"arn:aws:iam::123456789012:mfa/{NAME}-[x]", URI, Secret(SEED), refused))
            fake_cloud.answers.append(codes)
            fake_cloud.pass_gate("enable")
            if codes == RIGHT:
                return StepOutcome("enrolled")
            refused = REFUSED

    fake_cloud.on_apply["mfa-device"] = enrol
    return fake_cloud


@pytest.fixture
def asked(configuration, enrolment, until):
    """Return a context with the pilot of an App at 80x24 that asks for MFA codes."""

    def ask(size=(80, 24), **values):
        return configuration(enrolment, size, mfa="authenticator", **values)

    return ask

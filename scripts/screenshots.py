"""Draw the pictures in screenshots/ from the real app on the simulated account."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.events import StepFinished
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase

SIZE = (110, 32)
OUT = Path("emergency-access")
JOURNALS = Path("journals")
CUSTODIANS = (
    "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g",
    "age1ahxh5x5gms98x34zk9a9fdnvd5wu52yq29m7hgjjd38eq4vef49s0g6wlz",
    "age1445mdttd2g70s8yrle4wa3465g5ek82kadddmtnlsvaau8t4qdmq78h0aa",
)
"""Age recipients whose private keys no longer exist."""
PICTURES = Path(__file__).resolve().parent.parent / "screenshots"


async def main() -> None:
    """Draw the four phases and the first sign-in.

    Then interrupt a run, and draw the start screen and the unfinished run.
    """
    with DemoAccount() as demo, tempfile.TemporaryDirectory() as directory, contextlib.chdir(directory):
        app = BreakGlassApp(lambda: connection(demo), demo=True, directory=OUT, journals=JOURNALS)
        async with app.run_test(size=SIZE) as pilot:
            await assessment(app, pilot)
            await summary(app, pilot)
            await configuration(app, pilot)
            await validation(app, pilot)
            await first_sign_in(app, pilot)
        interrupt_run(connection(demo, simulated=False))
        app = BreakGlassApp(lambda: connection(demo, simulated=False), demo=False, directory=OUT, journals=JOURNALS)
        async with app.run_test(size=SIZE) as pilot:
            await start(app, pilot)
            await unfinished(app, pilot)


async def assessment(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Fill in the form, with an access key, an MFA device, a KMS key, offline seals, a group and a role. Draw it."""
    await until(lambda: app.session.connection.account is not None and app.session.connection.account.complete)
    await pilot.press("n")
    await until(lambda: bool(app.screen.query("#user_name")))
    await pilot.press("tab", *"night-shift", "tab", "tab", *"team=security", "tab")
    await pilot.press("right", "right", "tab", "tab", "right", "tab", "tab")
    await pilot.press(*"break", "enter", "tab")
    await seals(app, pilot)
    await pilot.press("tab", "enter", *"emerg", "enter", "tab")
    await pilot.press("enter", *"emergencyadmin", "enter")
    await until(lambda: bool(app.session.draft.role_arn))
    await draw(app, pilot, "assessment")


async def seals(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Add three custodians in the dialog of the offline seals, and draw the dialog."""
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, OfflineSealsDialog))
    assert app.focused is not None
    app.focused.post_message(Paste("\n".join(CUSTODIANS)))
    await pilot.pause()
    await draw(app, pilot, "seals")
    await pilot.press("ctrl+n")
    await until(lambda: not isinstance(app.screen, OfflineSealsDialog))


async def summary(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Draw the Summary after all preflight checks have ended."""
    await pilot.press("ctrl+n")
    await until(lambda: app.phase is Phase.SUMMARY)
    await until(lambda: bool(app.session.run.preflight) and not app.session.run.prechecking)
    await draw(app, pilot, "summary")


async def configuration(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Start the run and draw it with its QR code. Then enter the codes and wait until the run has ended."""
    await pilot.press("enter")
    await pilot.pause()
    await pilot.press("y")
    await until(lambda: bool(app.session.run.record.questions))
    await draw(app, pilot, "configuration", running=True)
    asked = next(iter(app.session.run.record.questions.values()))
    assert isinstance(asked.question, MfaCodes)
    seed = Secret(asked.question.seed.reveal())
    first, second = code_pair(seed, app.session.clock.now().timestamp())
    await pilot.press(*first, *second, "enter")
    await until(lambda: app.session.run.record.finished_at is not None)


async def validation(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Draw the Validation after all checks have ended."""
    await pilot.pause()
    await pilot.press("enter")
    await until(lambda: app.phase is Phase.VALIDATION)
    await until(lambda: bool(app.session.run.record.checks) and not app.session.run.validation.inspecting)
    await pilot.press("j")
    await draw(app, pilot, "validation")


async def first_sign_in(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Draw the first sign-in while the program waits for AWS. The permanent password is sealed at that time."""
    await pilot.press("f")
    await until(lambda: isinstance(app.screen, FirstSignInScreen) and len(app.screen.query("*")) > 1)
    await pilot.pause(2)
    await draw(app, pilot, "first-sign-in", running=True)


def interrupt_run(cloud: Cloud) -> None:
    """Create a user, but end the run after the console password was sealed, as if its process had been killed."""
    request = {"region": cloud.region, "user_name": "day-shift", "mfa": "sealed", "groups": ["emergency"]}
    *_, account = cloud.assess(cloud.region, cloud.identify())
    setup = new_setup(parse_request({**request, "kms_key_id": "alias/break-glass"}), account, OUT / "day-shift")
    events = new_run(cloud, setup, RunStore(JOURNALS)).events()
    for event in events:
        if isinstance(event, StepFinished) and event.step == "login-profile":
            break
    events.close()


async def start(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Draw the start screen with an unfinished run and with users."""
    await until(lambda: app.session.journals.history is not None and bool(app.screen.query("#runs")))
    await until(lambda: app.session.connection.account is not None and app.session.connection.account.complete)
    await draw(app, pilot, "start")


async def unfinished(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Draw the dialog with the unfinished run and the state of its steps in AWS."""
    await pilot.press("r")
    await until(lambda: isinstance(app.screen, UnfinishedDialog))
    await draw(app, pilot, "unfinished")


async def draw(app: BreakGlassApp, pilot: Pilot[None], name: str, *, running: bool = False) -> None:
    """Write the current screen to ``name``.svg. Unless ``running``, wait for the workers of the app first.

    Textual's random ids are replaced, so that the file changes only if the screen changes.
    """
    if not running:
        await app.workers.wait_for_complete()
    await pilot.pause(0.5)
    picture = re.sub(r"terminal-\d+-", "terminal-", app.export_screenshot(title="breakglass-tui", simplify=True))
    PICTURES.mkdir(exist_ok=True)
    # A simulated access key id alarms secret scanners. The example id of the AWS documentation does not.
    picture = re.sub(r"AKIA[A-Z0-9]{16}", "AKIAIOSFODNN7EXAMPLE", picture)
    (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")


def connection(demo: DemoAccount, *, simulated: bool = True) -> Cloud:
    """Return a ``Cloud`` for the simulated account. Without ``simulated``, the app treats it as a real account."""
    return connect(
        region=demo.default_region,
        endpoint_url=demo.start(),
        credentials=(demo.access_key_id, demo.secret_access_key),
        demo=simulated,
    )


async def until(condition: Callable[[], bool], limit_s: float = 60) -> None:
    """Wait until ``condition()`` is true. Raises ``TimeoutError`` after ``limit_s`` seconds."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - a screen has no event for it
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main())

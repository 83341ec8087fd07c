"""The secrets of a run stay while a question waits, and leave the memory at an end after which nothing uses them."""

from __future__ import annotations

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import SIGN_IN, VALIDATION
from breakglass_tui.ui.shell.idle_time import LONG_IDLE_S


def fill(app):
    """Put every kind of secret into the vault of the run."""
    for name in (*SIGN_IN, *VALIDATION):
        app.session.run.setup.vault.put(name, Secret(f"the {name}"))


async def test_nothing_is_removed_while_a_question_waits(configuration, fake_cloud, hand_clock, sees):
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome(
        str(context.ask(StoreSecret("Password", Secret("correct-HORSE"))))
    )
    async with configuration(fake_cloud, clock=hand_clock, password_reset_required=False) as pilot:
        app = pilot.app
        fill(app)
        await sees(pilot, "Store this now")
        hand_clock.passed += 10 * LONG_IDLE_S
        app.idle_timer.check()
        assert app.session.run.setup.vault.names == {*SIGN_IN, *VALIDATION}
        await pilot.press("r")
        await sees(pilot, "correct-HORSE")
        await pilot.press("y", "y")
        await sees(pilot, "3 of 3 done")
        assert app.session.run.setup.vault.names == set(VALIDATION), "no first sign-in is due"


async def test_after_a_run_without_success_all_are_gone(configuration, fake_cloud, until):
    fake_cloud.refusals["login-profile"] = Problem("AWS refused it.", next="Ask for it.")
    gate = fake_cloud.hold("create-user")
    async with configuration(fake_cloud) as pilot:
        fill(pilot.app)
        gate.set()
        await until(lambda: pilot.app.session.run.record.finished_at, "the end")
        await pilot.pause()
        assert pilot.app.session.run.setup.vault.names == set()

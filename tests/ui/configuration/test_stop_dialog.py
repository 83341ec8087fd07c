"""The stop dialog of a run: continue, undo or keep. Quit during a run."""

from __future__ import annotations

import pytest
from textual.widgets import Footer

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.ui.configuration.stop_dialog import StopDialog
from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.state.phase import Phase


@pytest.fixture
def halfway(configuration, fake_cloud, sees):
    """Return ``halfway()``: a context with the pilot of a run whose second step waits for ``fake_cloud.gate``."""
    fake_cloud.gate = fake_cloud.hold("login-profile")
    return lambda size=(80, 24), **values: configuration(fake_cloud, size, **values)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_dialog_says_what_each_way_means(halfway, sees, until, size):
    async with halfway(size, demo=False) as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "Stop the run?", "▸ Continue", "The run continues with Console sign-in.")
        await sees(pilot, "Created so far: IAM user break-glass-")
        await sees(pilot, "Undo", "Then removes what it created, the last resource first.")
        await sees(
            pilot,
            "Keep",
            "The resources of the run stay in AWS, except the unstored password. The user has no permissions",
        )
        await sees(pilot, "To resume later, run: breakglass-tui --demo --region eu-west-1")
        await pilot.press("f1")
        await sees(pilot, "Help: Stop the run?", "The current call always finishes")
        pilot.app.session.connection.cloud.release()
        await until(lambda: not pilot.app.session.run.running, "the end of the run, under the help")
        await pilot.press("escape")
        await until(lambda: not isinstance(pilot.app.screen, StopDialog | HelpDialog), "no question any more")


async def test_keep_says_that_only_a_secret_without_a_seal_is_deleted(halfway, sees):
    async with halfway(kms_key_id="alias/break-glass") as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "The resources of the run stay in AWS. The user has no permissions yet.")


async def test_the_dialog_wraps_its_sentences_again_and_stays_whole_in_a_small_window(halfway, sees, until):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "Stop the run?")
        await pilot.resize_terminal(60, 18)
        dialog, ways = pilot.app.screen.query_one("#dialog"), pilot.app.screen.query_one("OptionList")
        await until(lambda: ways.size.width < 60, "the small window")
        await pilot.pause()
        assert dialog.max_scroll_y == 0
        lines = [line.rstrip() for line in str(ways.get_option("keep").prompt).splitlines()]
        assert all(len(line) <= ways.size.width for line in lines), lines


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("down", "down", "up", "up", "enter"), ("j", "k", "enter")])
async def test_continue_is_the_default_and_changes_nothing(halfway, fake_cloud, sees, until, keys):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "▸ Continue")
        await pilot.press(*keys)
        await until(lambda: not isinstance(pilot.app.screen, StopDialog))
        fake_cloud.gate.set()
        await sees(pilot, "3 of 3 done in")
        assert fake_cloud.undone == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_stop_and_undo_ends_the_call_then_removes_in_reverse(halfway, fake_cloud, sees, size):
    undo = fake_cloud.hold("undo-create-user")
    async with halfway(size) as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape", "down")
        await sees(pilot, "▸ Undo")
        await pilot.press("enter")
        await sees(pilot, "Stopping: the current call finishes first…", "◌ running Console sign-in")
        assert fake_cloud.undone == []
        fake_cloud.gate.set()
        await sees(pilot, "↩ undone Console sign-in", "↩ undoing Create user", "⊘ cancelled Inline policy")
        await sees(pilot, "Removing what this run created, in reverse order: 1 of 2 removed")
        undo.set()
        await sees(pilot, "Stopped. Everything this run created was removed.", "⊘ stopped Result")
        assert fake_cloud.undone == ["login-profile", "create-user"]


async def test_stop_and_keep_in_the_demo_offers_no_command_for_a_new_process(halfway, fake_cloud, sees):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "To resume, press ctrl+r.")
        await pilot.press("j", "j", "enter")
        fake_cloud.gate.set()
        await sees(pilot, "Stopped, resources kept: 2 of 3 steps done.", "ctrl+r resume or remove it here")
        await sees(pilot, "The simulated account ends with this program.")
        story = str(pilot.app.screen.query_one("#story").render())
        assert "breakglass-tui" not in story
        await pilot.press("ctrl+r")
        await sees(pilot, "Unfinished run", "Progress 2 of 3 steps done, stopped, resources kept")


async def test_quit_in_the_demo_offers_no_command_for_a_new_process(halfway, sees):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("ctrl+q")
        await sees(pilot, "Quit during the run?", "The simulated account ends with this program.")
        assert "breakglass-tui" not in str(pilot.app.screen.query_one("OptionList").get_option("keep").prompt)


async def test_the_command_in_the_dialog_is_not_broken_at_a_hyphen(halfway, sees):
    async with halfway((60, 24), demo=False) as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "Stop the run?")
        lines = str(pilot.app.screen.query_one("OptionList").get_option("keep").prompt).splitlines()
        assert lines[-1].strip() == "breakglass-tui --demo --region eu-west-1"


async def test_stop_and_keep_says_what_was_kept_and_how_to_remove_it(halfway, fake_cloud, sees, until):
    async with halfway(demo=False) as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape", "j", "j", "enter")
        await sees(pilot, "Stopping: the current call finishes first…")
        fake_cloud.gate.set()
        await sees(pilot, "Stopped, resources kept: 2 of 3 steps done.", "Kept in AWS: IAM user")
        id = pilot.app.session.run.setup.run_id
        await sees(
            pilot,
            "resume it breakglass-tui --demo --region eu-west-1",
            f"remove it breakglass-tui --demo --region eu-west-1 undo {id}",
        )
        assert fake_cloud.undone == []
        assert pilot.app.session.run.record.status is RunStatus.INCOMPLETE
        await sees(pilot, "^r Resume", "f4 Start", "f4 start ctrl+q quit")
        await pilot.press("f4")
        await until(lambda: pilot.app.phase is Phase.START, "the start")


async def test_a_stop_before_the_first_write_writes_nothing(configuration, fake_cloud, sees):
    gate = fake_cloud.hold("caller-may")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Preflight checks before the first write")
        await pilot.press("escape")
        await sees(pilot, "Created so far: nothing.", "Stops the run before its first write. Nothing is removed.")
        await pilot.press("down", "enter")
        gate.set()
        await sees(pilot, "Stopped. Nothing was written.")
        assert fake_cloud.applied == []


@pytest.mark.parametrize(
    ("keys", "code", "undone"),
    [(("down",), 130, ["login-profile", "create-user"]), (("down", "down"), 6, [])],
)
async def test_quit_during_a_run_ends_the_app_only_when_the_run_has_ended(
    halfway, fake_cloud, sees, until, keys, code, undone
):
    async with halfway() as pilot:
        app = pilot.app
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("ctrl+q")
        await sees(pilot, "Quit during the run?")
        await pilot.press(*keys, "enter")
        await sees(pilot, "Stopping: the current call finishes first…")
        assert app.return_code is None
        fake_cloud.gate.set()
        await until(lambda: app.return_code is not None)
        assert (app.return_code, fake_cloud.undone) == (code, undone)


async def test_stopping_twice_does_not_ask_twice_and_quitting_then_waits(halfway, fake_cloud, sees, until):
    async with halfway() as pilot:
        app = pilot.app
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape", "down", "enter")
        await sees(pilot, "Stopping: the current call finishes first…")
        await pilot.press("escape", "ctrl+q")
        await pilot.pause()
        assert not isinstance(app.screen, StopDialog)
        assert app.return_code is None
        fake_cloud.gate.set()
        await until(lambda: app.return_code is not None)
        assert app.return_code == 130


async def test_the_dialog_closes_when_the_run_ends_by_itself(halfway, fake_cloud, sees, until):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape", "down")
        await sees(pilot, "▸ Undo")
        fake_cloud.gate.set()
        await sees(pilot, "3 of 3 done in", "▸ ✓ done Result")
        assert not isinstance(pilot.app.screen, StopDialog)


async def test_the_dialog_follows_the_run(halfway, fake_cloud, sees):
    fake_cloud.hold("inline-policy")
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("escape")
        await sees(pilot, "Created so far: IAM user break-glass-", "has no permissions yet")
        fake_cloud.gate.set()
        await sees(pilot, ", login profile", "The user may have permissions.")


async def test_two_keys_open_one_dialog_and_the_footer_is_whole(halfway, sees):
    async with halfway() as pilot:
        await sees(pilot, "◌ running Console sign-in")
        await pilot.press("ctrl+q", "ctrl+q")
        await sees(pilot, "Quit during the run?")
        assert sum(isinstance(screen, StopDialog) for screen in pilot.app.screen_stack) == 1
        await pilot.press("escape")
        await sees(pilot, "esc Stop…")
        assert pilot.app.screen.query_one(Footer).max_scroll_x == 0

"""Unfinished runs of earlier processes, on the start screen and in their dialog."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.endpoints import Endpoint
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import FILE, RunStore
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.start.screen import StartScreen
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 36)]


HINT = "To open them, press ctrl+p and choose Unfinished runs."


def shows_dialog(app):
    return isinstance(app.screen, UnfinishedDialog)


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_is_shown_with_what_the_journal_says_and_what_aws_says_as_it_comes(
    started, interrupted, fake_cloud, sees, size
):
    fake_cloud.demo = False
    id = interrupted(fake_cloud)
    fake_cloud.sights["login-profile"] = ObservedState(Observation.ABSENT)
    fake_cloud.sights["inline-policy"] = ObservedState(Observation.UNMANAGED, "[/] \x1b[31m of a person")
    gate = fake_cloud.hold("find-create-user")
    async with started(fake_cloud, size, demo=False) as pilot:
        await sees(
            pilot,
            "Unfinished run",
            "User bg-night",
            f"Run {id}, started 2026-11-22 08:30 UTC, 1 hour ago",
            "Progress 1 of 3 steps done, interrupted",
        )
        await sees(pilot, "Create user ✓ done ◌ reading…", "Console sign-in · not started – not there")
        await sees(pilot, "Inline policy · not started ✗ not created by this run [/] \\x1b[31m of a person")
        gate.set()
        await sees(pilot, "Create user ✓ done ✓ there", "r resume u undo esc close f1 help")
        await pilot.press("f1")
        await sees(pilot, "Help: Unfinished runs", "Nothing, until you choose and confirm.")
        await pilot.press("escape")
        await sees(pilot, "r resume u undo esc close f1 help")


async def test_the_step_in_which_a_run_failed_is_named(started, interrupted, fake_cloud, sees):
    fake_cloud.refusals["login-profile"] = Problem("expired", kind=Kind.CREDENTIALS)
    interrupted(fake_cloud, after="nothing")
    async with started(fake_cloud) as pilot:
        await sees(
            pilot, "1 of 3 steps done, failed in Console sign-in, resources kept", "Console sign-in ✗ failed ✓ there"
        )


async def test_a_run_that_the_operator_stopped_is_not_called_interrupted(started, interrupted, fake_cloud, sees, until):
    fake_cloud.demo = False
    interrupted(fake_cloud, stop="keep")
    async with started(fake_cloud, demo=False) as pilot:
        await sees(pilot, "Progress 1 of 3 steps done, stopped, resources kept")
        await pilot.press("escape")
        await sees(pilot, "⚠ unfinished bg-night stopped after Create user")


async def test_the_demo_says_that_its_account_is_new(started, interrupted, fake_cloud, sees):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        await sees(
            pilot,
            "The simulated account of this run ended with its program.",
            "Resume creates them again in a new account.",
        )


async def test_what_cannot_be_read_is_unknown_and_says_why(started, interrupted, fake_cloud, sees):
    interrupted(fake_cloud)
    fake_cloud.refusals["find-create-user"] = Problem("AWS refused iam:GetUser.", kind=Kind.REFUSED)
    async with started(fake_cloud) as pilot:
        await sees(pilot, "Create user ✓ done ? unknown AWS refused iam:GetUser.", "ctrl+r retry")
        fake_cloud.refusals.clear()
        await pilot.press("ctrl+r")
        await sees(pilot, "Create user ✓ done ✓ there", "r resume u undo esc close")


@pytest.mark.parametrize("size", SIZES)
async def test_the_start_lists_each_run_and_opens_the_one_under_the_cursor(
    started, interrupted, fake_cloud, sees, until, state, size
):
    older = interrupted(fake_cloud, "bg-old")
    interrupted(fake_cloud, "bg-new", after="login-profile")
    async with started(fake_cloud, size, dialog=False) as pilot:
        await sees(pilot, "Unfinished 2 runs, r opens")
        await sees(pilot, "⚠ unfinished bg-new interrupted after Console sign-in 59 minutes ago")
        await sees(pilot, "⚠ unfinished bg-old interrupted after Create user 1 hour ago")
        assert pilot.app.focused is pilot.app.screen.query_one("#runs")
        await pilot.press("j", "enter")
        await sees(pilot, "Unfinished runs 2 of 2", f"Run {older}")


async def test_several_runs_are_walked_through(started, interrupted, fake_cloud, sees):
    for name in ("bg-first", "bg-second"):
        interrupted(fake_cloud, name)
    async with started(fake_cloud) as pilot:
        await sees(pilot, "Unfinished runs 1 of 2", "User bg-second", "j k other run")
        for key, name in (("j", "bg-first"), ("down", "bg-second"), ("k", "bg-first"), ("up", "bg-second")):
            await pilot.press(key)
            await sees(pilot, f"User {name}")


@pytest.mark.parametrize("key", ["escape", "enter", "q"])
async def test_close_changes_nothing_and_the_palette_opens_the_list_again(
    started, interrupted, fake_cloud, sees, until, state, key
):
    id = interrupted(fake_cloud)
    before = (state / "runs" / id / FILE).read_bytes()
    async with started(fake_cloud) as pilot:
        app = pilot.app
        await pilot.press(key)
        await until(lambda: isinstance(app.screen, StartScreen), "the start")
        command = next(each for each in app.get_system_commands(app.screen) if each.title == "Unfinished runs")
        command.callback()
        await sees(pilot, "User bg-night")
        assert fake_cloud.applied == fake_cloud.undone == []
        assert (state / "runs" / id / FILE).read_bytes() == before


async def test_an_operator_who_types_already_is_notified_and_not_disturbed(
    make_app, interrupted, fake_cloud, until, notices
):
    interrupted(fake_cloud)
    gate = fake_cloud.hold("identify")
    app = make_app(fake_cloud)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await until(lambda: app.screen.query("#user_name"), "the form")
        await pilot.press("tab", "r", "u")
        gate.set()
        await until(lambda: notices == [f"Unfinished runs: 1 of this account. {HINT}"], "the notice")
        await pilot.press("y")
        await until(lambda: app.session.draft.user_name == "ruy", "the name")
        assert app.phase is Phase.ASSESSMENT
        await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_notice_covers_neither_the_input_nor_the_keys_of_a_dialog(started, fake_cloud, until, size):
    async with started(fake_cloud, size, dialog=False) as pilot:
        dialog = ConfirmDialog("Remove it?", "A line.\n" * 20, yes="Remove", must_type="1234", prompt="Four digits")
        pilot.app.push_screen(dialog)
        await until(lambda: dialog.query(".hint") and dialog.query_one(".hint").region.height, "the dialog")
        pilot.app.tell(f"Unfinished runs: 6 of this account. {HINT}")
        await until(lambda: dialog.query("Toast") and dialog.query_one("Toast").region.height > 1, "the notice")
        await pilot.pause()
        notice = dialog.query_one("Toast").region
        for widget in ("Input", ".hint"):
            assert not notice.overlaps(dialog.query_one(widget).region), widget


async def test_no_unfinished_run_is_a_sentence_of_its_own(started, fake_cloud, until, sees, notices):
    async with started(fake_cloud, dialog=False) as pilot:
        await until(lambda: not any(worker.is_running for worker in pilot.app.workers), "the threads")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)
        assert notices == []
        await sees(pilot, "None on this machine.")
        assert pilot.app.focused is pilot.app.screen.query_one("#actions")
        pilot.app.history.show_unfinished()
        await sees(pilot, "This account has no unfinished runs.")


async def test_runs_of_other_accounts_are_counted_but_cannot_be_chosen(
    started, interrupted, of_another_account, fake_cloud, sees
):
    of_another_account(fake_cloud, "111122223333")
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        await sees(pilot, "User bg-night", "1 more in other accounts: 1111-2222-3333")


async def test_a_run_on_an_emulator_of_the_same_account_is_marked(started, interrupted, fake_cloud, sees):
    fake_cloud.demo, fake_cloud.endpoint = False, Endpoint("http://127.0.0.1:4566")
    interrupted(fake_cloud)
    fake_cloud.endpoint = None
    async with started(fake_cloud, dialog=False, demo=False) as pilot:
        await sees(pilot, "1 more in other accounts: EMULATOR 1234-5678-9012")


async def test_runs_of_other_accounts_alone_are_counted_and_take_no_focus(
    started, of_another_account, fake_cloud, sees, notices
):
    of_another_account(fake_cloud, "111122223333")
    async with started(fake_cloud, dialog=False) as pilot:
        await sees(pilot, "1 more in other accounts: 1111-2222-3333")
        assert pilot.app.focused is pilot.app.screen.query_one("#actions")
        assert notices == []


async def test_a_damaged_journal_is_shown_with_its_problem_and_can_only_be_closed(
    started, interrupted, fake_cloud, sees, state
):
    path = state / "runs" / interrupted(fake_cloud) / FILE
    path.write_bytes(path.read_bytes().replace(b"bg-night", b"bg-right", 1))
    async with started(fake_cloud) as pilot:
        await sees(pilot, "cannot be used.", "Line 1 was changed after it was written.")
        await sees(pilot, "next Remove the run's resources by hand")
        await pilot.press("r", "u")
        await pilot.pause()
        assert shows_dialog(pilot.app)
        await sees(pilot, "esc close")
        assert fake_cloud.applied == fake_cloud.undone == []


async def test_of_a_damaged_journal_only_what_precedes_the_damage_is_said(
    started, interrupted, fake_cloud, sees, state
):
    path = state / "runs" / interrupted(fake_cloud) / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], lines[-1].replace(b"event", b"evont", 1)]))
    async with started(fake_cloud) as pilot:
        await sees(pilot, "unknown. The readable part of the journal says:", "was changed after it was written.")


async def test_a_run_of_another_process_can_only_be_closed(started, interrupted, fake_cloud, sees, state):
    interrupted(fake_cloud)
    with RunStore(state).claim(fake_cloud.account.caller.account_id, "bg-night"):
        async with started(fake_cloud, dialog=False) as pilot:
            await sees(pilot, "◌ running bg-night in another process")
            await pilot.press("enter")
            await sees(pilot, "Another run is active for the user bg-night")
            await pilot.press("r", "u")
            await pilot.pause()
            assert shows_dialog(pilot.app)


async def test_a_small_terminal_scrolls_to_the_last_step(started, interrupted, fake_cloud, sees):
    interrupted(fake_cloud, access="both", mfa="authenticator", groups=["emergency"])
    async with started(fake_cloud, (60, 16)) as pilot:
        await sees(pilot, "User bg-night", "esc close")
        await pilot.press("pagedown", "pagedown")
        await sees(pilot, "Access key · not started ✓ there", "esc close")


async def test_journals_that_cannot_be_listed_are_a_problem_on_the_screen(started, fake_cloud, sees, tmp_path):
    (tmp_path / "state").write_text("")
    async with started(fake_cloud, dialog=False) as pilot:
        await sees(pilot, "✗ The journals below", "cannot be listed")
        await pilot.press("r")
        await sees(pilot, "The journals below", "cannot be listed")
        assert not shows_dialog(pilot.app)

"""Resume and undo, in the App, of runs of earlier processes."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_resume_runs_the_missing_steps_and_leads_to_the_validation(
    started, interrupted, fake_cloud, agreed, sees, until, state, size
):
    fake_cloud.demo = False
    id = interrupted(fake_cloud)
    gate = fake_cloud.hold("login-profile")
    async with started(fake_cloud, size) as pilot:
        app = pilot.app
        looking = fake_cloud.hold("find-create-user")
        await agreed(pilot, "r")
        await sees(pilot, "◌ Preflight checks before the run resumes: 3 pass", "✓ done Create user")
        looking.set()
        await sees(
            pilot, "✓ done Create user", "◌ running Console sign-in", "1 of 3 done · 00:00", "Preflight checks: 3 pass"
        )
        gate.set()
        await sees(pilot, "3 of 3 done in 00:00. Next: run the validation.")
        assert fake_cloud.applied == ["login-profile", "inline-policy"]
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.VALIDATION, "the validation")
        await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    assert RunStore(state).find(id).record.status is RunStatus.DONE


async def test_in_the_demo_resume_creates_everything_again(started, interrupted, fake_cloud, agreed, sees):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        await agreed(pilot, "r")
        await sees(pilot, "3 of 3 done in")
        assert fake_cloud.applied == ["create-user", "login-profile", "inline-policy"]


@pytest.mark.parametrize("size", SIZES)
async def test_undo_names_what_it_removes_and_ends_with_nothing_left(
    started, interrupted, fake_cloud, sees, until, state, size
):
    fake_cloud.demo = False
    id = interrupted(fake_cloud, after="login-profile")
    gate = fake_cloud.hold("undo-create-user")
    async with started(fake_cloud, size, demo=False) as pilot:
        await pilot.press("u")
        await sees(pilot, "Remove what the run of bg-night created?", "Removes from account 1234-5678-9012")
        await sees(pilot, "Resources that this run did not create stay.", "Cancel Remove", "esc cancel")
        text = str(pilot.app.screen.query_one("#confirm-text").render())
        assert [line.strip() for line in text.splitlines() if "•" in line] == [
            "• login profile (console password)",
            "• IAM user bg-night",
        ]
        await pilot.press(*"9012", "enter")
        await sees(pilot, "↩ undone Console sign-in", "↩ undoing Create user", "· not run Inline policy")
        await sees(pilot, "Removing what this run created, in reverse order: 1 of 2 removed")
        gate.set()
        await sees(pilot, "Everything this run created was removed.", "✓ done Result", "n new user")
        await pilot.press("ctrl+q")
        await until(lambda: pilot.app.return_code is not None, "the exit")
    assert pilot.app.return_code == 0
    assert fake_cloud.undone == ["login-profile", "create-user"]
    assert RunStore(state).find(id).finished


async def test_after_an_undo_a_new_user_can_be_created(started, interrupted, fake_cloud, agreed, sees, until):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        app = pilot.app
        await agreed(pilot, "u")
        await sees(pilot, "Everything this run created was removed.")
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "the form")
        await until(lambda: app.session.connection.is_read, "the account")
        assert (app.session.run.began, app.session.run.setup, len(app.screen_stack)) == (False, None, 1)
        assert not review(app.session)
        await pilot.press("ctrl+q")
    assert app.return_code == 0


@pytest.mark.parametrize("key", ["r", "u"])
async def test_no_is_the_default_and_leads_back_to_the_list(started, interrupted, fake_cloud, sees, until, key):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        await pilot.press(key)
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, UnfinishedDialog), "the list")
        await sees(pilot, "r resume u undo")
        assert fake_cloud.applied == fake_cloud.undone == []
        assert not pilot.app.session.run.began


@pytest.mark.parametrize("key", ["r", "u"])
async def test_outside_the_demo_the_last_digits_of_the_account_are_typed(
    started, interrupted, fake_cloud, sees, until, key
):
    fake_cloud.demo = False
    interrupted(fake_cloud)
    async with started(fake_cloud, demo=False) as pilot:
        await pilot.press(key)
        await sees(pilot, "Last four digits of the account id")
        await pilot.press("y")
        await pilot.pause()
        assert not pilot.app.session.run.began
        await pilot.press(*"9012", "enter")
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the run")


async def test_a_problem_while_the_run_is_prepared_is_shown_in_the_list(started, interrupted, fake_cloud, agreed, sees):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        fake_cloud.refusals["groups"] = Problem(
            "[/] cannot be read.", why="Throttled.", next="Wait.", kind=Kind.REFUSED
        )
        await agreed(pilot, "r")
        await sees(pilot, "✗ [/] cannot be read. Throttled.", "next Wait.", "r resume u undo")
        fake_cloud.refusals.clear()
        await agreed(pilot, "r")
        await sees(pilot, "3 of 3 done in")


async def test_a_run_that_another_process_has_claimed_meanwhile_is_a_problem_and_no_crash(
    started, interrupted, fake_cloud, agreed, sees, until, state
):
    interrupted(fake_cloud)
    async with started(fake_cloud) as pilot:
        with RunStore(state).claim(fake_cloud.account.caller.account_id, "bg-night"):
            await agreed(pilot, "r")
            await sees(pilot, "Nothing was done here: another process is working on this user.")
            await sees(pilot, "Another run is active for the user bg-night", "n new user")
        assert fake_cloud.applied == []
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 7


async def test_a_resource_that_was_changed_stops_the_resumed_run_and_stays(started, interrupted, fake_cloud, sees):
    fake_cloud.demo = False
    id = interrupted(fake_cloud)
    async with started(fake_cloud, demo=False) as pilot:
        fake_cloud.sights["create-user"] = ObservedState(Observation.UNMANAGED)
        await pilot.press("r")
        await sees(pilot, "Last four digits of the account id")
        await pilot.press(*"9012", "enter")
        await sees(pilot, "The run could not continue. Resources kept: 1 of 3 steps done.")
        await sees(pilot, "The resource was changed since", f"undo {id}")
        assert fake_cloud.applied == fake_cloud.undone == []
        await pilot.press("n", "ctrl+q")
    assert pilot.app.return_code == 6


async def test_a_run_whose_removal_has_started_can_only_be_removed(
    started, interrupted, fake_cloud, agreed, sees, state
):
    interrupted(fake_cloud, after="login-profile")
    fake_cloud.on_undo["create-user"] = lambda context: (_ for _ in ()).throw(Problem("stuck", next="aws iam …"))
    async with started(fake_cloud) as pilot:
        await agreed(pilot, "u")
        await sees(pilot, "Some resources remain in AWS", "stuck")
        pilot.app.history.show_unfinished()
        fake_cloud.on_undo.clear()
        await sees(pilot, "undo incomplete: 1 removed, Create user not removed", "u continue undo")
        await agreed(pilot, "r")
        await sees(pilot, "Everything this run created was removed.")
    assert RunStore(state).unfinished() == ()


async def test_two_keys_start_one_run(started, interrupted, fake_cloud, sees, until):
    interrupted(fake_cloud)
    gate = fake_cloud.hold("create-user")
    async with started(fake_cloud) as pilot:
        await pilot.press("r", "r", "u")
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        await pilot.press("y", "y", "enter")
        await sees(pilot, "◌ running Create user")
        gate.set()
        await sees(pilot, "3 of 3 done in")
        assert fake_cloud.applied == ["create-user", "login-profile", "inline-policy"]


async def test_at_80x24_all_resources_of_an_undo_are_visible_above_the_buttons(
    started, interrupted, fake_cloud, sees, screen_text
):
    fake_cloud.demo = False
    role = "arn:aws:iam::123456789012:role/EmergencyAdmin"
    request = {"access": "both", "mfa": "authenticator", "groups": ["emergency"], "role_arn": role}
    interrupted(fake_cloud, "bg-night-shift", after="role-trust", **request)
    async with started(fake_cloud, demo=False) as pilot:
        await pilot.press("u")
        await sees(pilot, "Cancel Remove", "Last four digits of the account id")
        text = screen_text(pilot.app)
        for name in (
            "IAM user bg-night-shift",
            "virtual MFA device",
            "login profile (console password)",
            "access key",
            "membership in group emergency",
            "trust statement in role EmergencyAdmin",
        ):
            assert f"• {name}" in text
        assert "arn:aws:iam::123456789012:mfa/bg-night-shift-" in text

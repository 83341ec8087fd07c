"""The Configuration screen: a run while it is active, its end, and what is left in AWS."""

from __future__ import annotations

import pytest
from textual.widgets import Footer

from breakglass_tui.aws.steps.base import describe_storage
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo, RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_what_is_done_what_is_happening_and_what_comes_next(
    configuration, fake_cloud, sees, screen_text, size
):
    gates = [fake_cloud.hold(name) for name in ("create-user", "login-profile", "inline-policy")]
    async with configuration(fake_cloud, size) as pilot:
        await sees(pilot, "◌ running Create user", "iam:CreateUser", "· next Console sign-in", "0 of 3 done")
        await sees(pilot, "✓ Preflight checks: 3 pass", "no permissions until the last steps")
        gates[0].set()
        await sees(pilot, "✓ done Create user", "◌ running Console sign-in", "1 of 3 done", "create-user is there")
        gates[1].set()
        await sees(pilot, "◌ running Inline policy", "2 of 3 done", "the last steps grant permissions now")
        gates[2].set()
        await sees(pilot, "✓ done Inline policy", "3 of 3 done in", "Next: run the validation.")
        await sees(pilot, "enter validate", "Sign in at https://", "123456789012.signin")
        assert screen_text(pilot.app).count("3 of 3 done") == 1


async def test_the_row_of_a_secret_names_every_seal_at_80_columns(configuration, fake_cloud, sees):
    sealed = (
        EnvelopeInfo("bg.password.1+2.age", ("password",), ("age",), "00", ("age1a", "age1b"), 2),
        EnvelopeInfo("bg.password.kms.json", ("password",), ("kms",), "00", ("arn",)),
    )
    detail = f"password {describe_storage(sealed)}, reset at first sign-in"
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome(detail, envelopes=sealed)
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Console sign-in 0.0 s password sealed: age (2 of 2) and KMS ")


async def test_steps_and_run_show_how_long_they_take(configuration, fake_cloud, hand_clock, sees):
    gate = fake_cloud.hold("create-user")
    async with configuration(fake_cloud, clock=hand_clock) as pilot:
        await sees(pilot, "Create user 0.0 s")
        hand_clock.passed += 21
        await sees(pilot, "Create user 21 s", "0 of 3 done · 00:21")
        hand_clock.passed += 104
        await sees(pilot, "Create user 2:05", "02:05")
        gate.set()
        await sees(pilot, "✓ done Create user 2:05", "3 of 3 done in 02:05.")


async def test_a_retry_is_shown_in_words(configuration, fake_cloud, sees):
    first, second = fake_cloud.hold("first"), fake_cloud.hold("second")

    def throttled(context):
        context.call_delayed("iam:CreateUser", "throttled", 2.1)
        fake_cloud.pass_gate("first")
        context.call_started("iam:CreateUser", 2)
        fake_cloud.pass_gate("second")
        return StepOutcome("there")

    fake_cloud.on_apply["create-user"] = throttled
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "iam:CreateUser: throttled, retry in 2.1 s")
        first.set()
        await sees(pilot, "iam:CreateUser, attempt 2")
        second.set()
        await sees(pilot, "3 of 3 done")


async def test_preflight_checks_are_counted_and_a_warning_is_named(configuration, fake_cloud, sees):
    fake_cloud.results["quota"] = CheckResult("quota", "Quota", CheckStatus.WARN, "room", "nearly full")
    gate = fake_cloud.hold("caller-may")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "◌ Preflight checks before the first write: 1 pass, 1 warn")
        gate.set()
        await sees(pilot, "✓ Preflight checks: 2 pass, 1 warn", "3 of 3 done")


async def test_a_failed_preflight_check_ends_the_run_with_its_remedy_and_no_write(configuration, fake_cloud, sees):
    fake_cloud.results["quota"] = CheckResult(
        "quota", "Quota of users", CheckStatus.FAIL, "room", "5000 of 5000 users", remedy="Delete a user."
    )
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "✗ Preflight check failed: Quota of users: 5000 of 5000 users")
        await sees(pilot, "The run did not start. Nothing was written.", "next Delete a user.", "– skipped Create user")
        assert fake_cloud.applied == []


async def test_a_screen_opened_late_draws_what_has_happened(configuration, fake_cloud, until, sees):
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await until(lambda: app.session.run.record.finished_at)
        first = app.screen
        app.move(Phase.CONFIGURATION, Phase.CONFIGURATION)
        await until(lambda: app.screen is not first)
        await sees(pilot, "✓ done Create user", "▸ ✓ done Result", "Next: run the validation.", "3 pass")
        await sees(pilot, "enter validate")


async def test_a_removed_screen_offers_no_keys_when_its_footer_is_drawn_once_more(configuration, fake_cloud, until):
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await until(lambda: app.session.run.record.finished_at)
        first = app.screen
        app.move(Phase.CONFIGURATION, Phase.CONFIGURATION)
        await until(lambda: not first.is_attached and not first.query("OperatorsTurn"), "the removal")
        assert first.check_action("stop", ()) is False


async def test_the_cursor_shows_each_step_with_its_calls_and_request_ids(configuration, fake_cloud, sees, until):
    async with configuration(fake_cloud) as pilot:
        await until(lambda: pilot.app.session.run.record.finished_at)
        await sees(pilot, "▸ ✓ done Result")
        await pilot.press("g")
        await sees(pilot, "▸ ✓ done Create user", "iam:CreateUser 0.0 s req req-create-user")
        await pilot.press("j")
        await sees(pilot, "▸ ✓ done Console sign-in", "req req-login-profile")
        await pilot.press("down", "k", "up", "up")
        await sees(pilot, "▸ ✓ done Create user")
        await pilot.press("G")
        await sees(pilot, "▸ ✓ done Result")


async def test_a_click_puts_the_cursor_on_a_step(configuration, fake_cloud, sees, until):
    async with configuration(fake_cloud) as pilot:
        await until(lambda: pilot.app.session.run.record.finished_at)
        await sees(pilot, "▸ ✓ done Result")
        await pilot.click("StepList", offset=(20, 1))
        await sees(pilot, "▸ ✓ done Console sign-in", "req req-login-profile")


async def test_the_cursor_stays_where_the_operator_has_put_it(configuration, fake_cloud, sees):
    user, profile = fake_cloud.hold("create-user"), fake_cloud.hold("login-profile")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "▸ ◌ running Create user")
        await pilot.press("j", "j")
        user.set()
        await sees(pilot, "◌ running Console sign-in", "▸ · next Inline policy")
        profile.set()
        await sees(pilot, "▸ ✓ done Result")


@pytest.mark.parametrize("size", SIZES)
async def test_a_failed_step_undoes_the_run_in_reverse_and_says_why(configuration, fake_cloud, refused, sees, size):
    fake_cloud.on_apply["login-profile"] = refused
    gate = fake_cloud.hold("undo-create-user")
    async with configuration(fake_cloud, size) as pilot:
        await sees(pilot, "↩ undone Console sign-in", "↩ undoing Create user", "1 of 2 removed")
        gate.set()
        await sees(pilot, "A step failed. Everything this run created was rolled back.", "✗ failed Result")
        await sees(pilot, "✗ AWS refused iam:CreateLoginProfile.", "Not allowed.", "next Ask for it.")
        assert fake_cloud.undone == ["login-profile", "create-user"]
        assert pilot.app.session.run.record.status is RunStatus.UNDONE


async def test_what_could_not_be_removed_is_named_with_the_command(configuration, fake_cloud, refused, sees):
    command = "aws iam delete-user --user-name break-glass-20261122-k7qm3x"

    def stuck(context):
        raise Problem("The user could not be removed.", why="It has a key of someone else.", next=command)

    fake_cloud.on_apply["login-profile"] = refused
    fake_cloud.on_undo["create-user"] = stuck
    async with configuration(fake_cloud) as pilot:
        await sees(
            pilot, "Some resources remain in AWS", "Still in AWS ✗ The user could not be removed.", f"next {command}"
        )
        await pilot.press("g")
        await sees(pilot, "✗ failed Create user", "It has a key of someone else.", f"next {command}")


async def test_enter_continues_to_the_validation_once(configuration, fake_cloud, until, sees):
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "⏎ Validate")
        screens = len(app.screen_stack)
        await pilot.press("enter", "enter", "enter")
        await until(lambda: app.phase is Phase.VALIDATION)
        assert len(app.screen_stack) == screens
        await until(lambda: not app.session.run.validation.inspecting)
        assert len(fake_cloud.applied) == len(set(fake_cloud.applied)) == 3


async def test_enter_does_nothing_before_the_end_or_after_a_failure(configuration, fake_cloud, refused, until, sees):
    gate = fake_cloud.hold("create-user")
    fake_cloud.on_apply["login-profile"] = refused
    async with configuration(fake_cloud) as pilot:
        await pilot.press("enter")
        gate.set()
        await sees(pilot, "rolled back.")
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.phase is Phase.CONFIGURATION


async def test_escape_after_the_end_changes_nothing(configuration, fake_cloud, sees):
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Next: run the validation.")
        screen = pilot.app.screen
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert fake_cloud.undone == []


async def test_the_end_rings_the_bell_once(configuration, fake_cloud, sees, until, monkeypatch):
    gate, rung = fake_cloud.hold("create-user"), []
    async with configuration(fake_cloud) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(1))
        gate.set()
        await sees(pilot, "Next: run the validation.")
        await until(lambda: rung, "the bell")
        await pilot.pause()
        assert rung == [1]


async def test_hostile_text_is_shown_as_text(configuration, fake_cloud, sees):
    def hostile(context):
        context.note("[bold]now[/] \x1b[31m")
        raise Problem("[/] \x1b]0;title\x07 happened", why="[red]why[/red]", next="[link=x]do[/link]")

    fake_cloud.on_apply["create-user"] = lambda context: StepOutcome("[/foo] \x1b[2J done")
    fake_cloud.on_apply["login-profile"] = hostile
    fake_cloud.hold("undo-login-profile")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "[/foo] \\x1b[2J done", "[/] \\x1b]0;title\\x07 happened")
        fake_cloud.release()
        await sees(pilot, "✗ [/] \\x1b]0;title\\x07 happened [red]why[/red] next [link=x]do[/link]")


async def test_a_wide_terminal_shows_list_and_detail_side_by_side(configuration, fake_cloud, sees, until):
    def regions():
        return (pilot.app.screen.query_one(id).region for id in ("#steps", "#detail"))

    def side_by_side():
        steps, detail = regions()
        return (detail.x, detail.y) == (steps.right, steps.y)

    def one_above_the_other():
        steps, detail = regions()
        return (detail.x, detail.y) == (steps.x, steps.bottom)

    async with configuration(fake_cloud, (120, 36)) as pilot:
        await sees(pilot, "Next: run the validation.")
        await until(side_by_side, "two columns")
        await pilot.resize_terminal(80, 24)
        await until(one_above_the_other, "two rows")
        await sees(pilot, "✓ done Create user", "Next: run the validation.")


async def test_pages_scroll_a_long_detail(configuration, fake_cloud, sees):
    fake_cloud.on_apply["create-user"] = lambda context: StepOutcome("word " * 100)
    async with configuration(fake_cloud, (80, 18)) as pilot:
        await sees(pilot, "Next: run the validation.")
        await pilot.press("g")
        await sees(pilot, "Create user ✓ done")
        await pilot.press("pagedown", "pagedown")
        await sees(pilot, "req req-create-user")


@pytest.mark.parametrize("ending", ["running", "done", "failed"])
async def test_the_footer_is_not_cut_at_80_columns(configuration, fake_cloud, refused, sees, ending):
    gate = fake_cloud.hold("create-user")
    if ending == "failed":
        fake_cloud.on_apply["create-user"] = refused
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "esc Stop…")
        if ending != "running":
            gate.set()
            await sees(pilot, "✓ done Result" if ending == "done" else "✗ failed Result")
        await pilot.pause()
        footer = pilot.app.screen.query_one(Footer)
        assert footer.max_scroll_x == 0
        assert "Back" not in str([binding.binding.description for binding in pilot.app.active_bindings.values()])


async def test_help_says_what_the_screen_does(configuration, fake_cloud, sees):
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Next: run the validation.")
        await pilot.press("f1")
        await sees(pilot, "Runs the plan, independent steps in parallel.")
        await pilot.press("escape")
        await sees(pilot, "Next: run the validation.")

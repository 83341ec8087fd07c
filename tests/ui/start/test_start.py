"""The start screen: while it reads the account, afterwards, and its actions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Footer

from breakglass_tui.domain.account import AccountList, User
from breakglass_tui.domain.checks import CheckResult, CheckStatus, Verdict
from breakglass_tui.domain.events import CheckFinished, StepBrief
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.start.envelope_dialog import EnvelopeDialog
from breakglass_tui.ui.start.envelope_path_dialog import EnvelopePathDialog
from breakglass_tui.ui.start.screen import StartScreen
from breakglass_tui.ui.start.start_body import StartBody
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 36), (60, 18)]
DENIED = Problem("Access to iam:ListUsers is denied.", why="no", next="ask", kind=Kind.REFUSED)
EXPIRED = Problem("The SSO session has expired.", why="It lasts 8 hours.", next="aws sso login", kind=Kind.CREDENTIALS)


def lists(app):
    return {id: app.screen.query_one(f"#{id}") for id in ("actions", "runs", "users")}


@pytest.mark.parametrize("size", SIZES)
async def test_the_account_the_ready_users_and_the_actions_are_shown_at_every_size(cloud, start, proven, sees, size):
    proven("bg-alice", Verdict.READY, 12)
    proven("bg-bob", Verdict.NEEDS_CONTROL_PLANE, 3)
    async with start(cloud, size) as pilot:
        await sees(pilot, "DEMO acme-sandbox 1234-5678-9012", "Emergency access to AWS, tested before you need it.")
        await sees(pilot, "n New emergency user", "v Validate a user", "o Inspect an envelope", "3 users, 1 ready")
        verb = "" if size[0] == 60 else "validated "
        await sees(pilot, f"✓ READY bg-alice {verb}12 days ago", "· not validated yet bg-carol")
        await sees(pilot, f"◐ STEPS LEFT bg-bob {verb}3 days ago")
        if size[0] == 120:
            await sees(pilot, "signed in 2 days ago, created 2026-01-26")
        footer = pilot.app.screen.query_one(Footer)
        assert footer.max_scroll_x == 0
        assert len(pilot.app.screen.query("FooterKey")) <= 6
        assert pilot.app.focused is lists(pilot.app)["actions"]


async def test_while_the_app_connects_it_says_so_and_n_works_at_once(cloud, start, sees, until):
    gate, users = cloud.hold("identify"), cloud.hold("users")
    async with start(cloud, read=False) as pilot:
        app = pilot.app
        await sees(
            pilot, "connecting…", "Unfinished ◌ Connecting to the account…", "/breakglass/ ◌ Connecting to the account…"
        )
        await pilot.press("v", "r")
        await pilot.pause()
        assert app.phase is Phase.START
        gate.set()
        await sees(pilot, "acme-sandbox", "None on this machine.", "/breakglass/ ◌ Reading…")
        await pilot.press("v")
        await sees(pilot, "The account is still being read")
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "the form")
        users.set()


async def test_without_credentials_it_says_what_to_do_and_tries_again(cloud, start, sees, until):
    cloud.refusals["identify"] = EXPIRED
    async with start(cloud, read=False) as pilot:
        app = pilot.app
        await sees(pilot, "no account", "✗ The SSO session has expired.", "It lasts 8 hours.", "→ aws sso login")
        await sees(pilot, "n New emergency user")
        await pilot.press("ctrl+r")
        await until(lambda: cloud.asked.count("identify") == 2, "another try")
        await sees(pilot, "✗ The SSO session has expired.")
        cloud.refusals.clear()
        await until(lambda: getattr(app.focused, "label", None), "the focus on the way out")
        await pilot.press("enter")
        await sees(pilot, "acme-sandbox", "3 users, 0 ready")
        await until(lambda: app.focused is lists(app)["actions"], "the focus on the ways on")
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_quitting_without_credentials_says_so_in_the_exit_code(cloud, start, sees):
    cloud.refusals["identify"] = EXPIRED
    async with start(cloud, read=False) as pilot:
        await sees(pilot, "✗ The SSO session has expired.")
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 4


async def test_an_end_while_the_lists_are_built_is_no_crash(cloud, make_app, until, monkeypatch):
    compose, app = StartBody.compose, make_app(cloud)

    def leave(body):
        app.exit()
        return compose(body)

    monkeypatch.setattr(StartBody, "compose", leave)
    async with app.run_test():
        await until(lambda: not app.is_running, "the end")


async def test_an_account_without_emergency_users_names_the_key_that_makes_one(fake_cloud, start, sees):
    async with start(fake_cloud) as pilot:
        await sees(pilot, "None yet. Press n to create one.", "None on this machine.")
        assert not lists(pilot.app)["users"].display


async def test_users_that_may_not_be_listed_are_a_reason_and_no_obstacle(cloud, start, sees, until):
    cloud.account = replace(cloud.account, users=AccountList(problem=DENIED))
    async with start(cloud) as pilot:
        await sees(pilot, "– Users cannot be listed: Access to iam:ListUsers is denied. v asks for a name. ctrl+r")
        await pilot.press("v")
        await until(lambda: pilot.app.screen.query("#typed-name"), "the field")


async def test_enter_validates_the_user_and_the_start_shows_its_verdict_from_then_on(
    cloud, start, sees, until, proven, tmp_path
):
    proven("bg-alice", Verdict.READY, 12)
    cloud.results["access"] = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in")
    cloud.results["user-exists"] = CheckResult(
        "user-exists", "IAM user", CheckStatus.PASS, "", "", facts={"user_id": "AIDABOB"}
    )
    async with start(cloud) as pilot:
        app = pilot.app
        await pilot.press("j", "j", "j", "j", "enter")
        await sees(pilot, "● Validation of bg-bob", "✗ NOT READY")
        await until(lambda: not app.session.user_validation.inspecting, "the checks")
        await pilot.press("escape")
        await sees(pilot, "✗ NOT READY bg-bob validated just now", "✓ READY bg-alice validated 12 days ago")
    async with start(cloud) as pilot:
        await sees(pilot, "✗ NOT READY bg-bob validated just now", "· not validated yet bg-carol")


async def test_an_incomplete_validation_keeps_the_previous_verdict(cloud, start, sees, until, proven):
    proven("bg-alice", Verdict.READY, 12)
    async with start(cloud) as pilot:
        app = pilot.app

        def refuse(subject):
            raise DENIED

        cloud.checks = refuse
        await pilot.press("j", "j", "j", "enter")
        await sees(pilot, "● Validation of bg-alice", "– NOT PROVEN")
        visit = app.session.user_validation
        await until(lambda: not visit.inspecting, "the end")
        first, second = StepBrief("user-exists", "IAM user"), StepBrief("access", "Access")
        result = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in", facts={"user_id": "AIDAALICE"})
        app.checks._started(visit, (first, second), CheckRunner((), app.session.clock))
        app.checks._checked(visit, CheckFinished(app.session.clock.now(), result))
        app.checks._ended(visit, None, recorded=True)
        await pilot.pause()
        assert visit.checked_at is not None
        await pilot.press("escape")
        await sees(pilot, "✓ READY bg-alice validated 12 days ago")
        await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")
        await sees(pilot, "✓ READY bg-alice validated 12 days ago")


async def test_a_check_that_is_run_again_by_itself_makes_the_verdict_no_younger(cloud, start, sees, until, hand_clock):
    facts = {"user_id": "AIDABOB"}
    cloud.results["user-exists"] = CheckResult("user-exists", "x", CheckStatus.PASS, "", "", facts=facts)
    cloud.results["access"] = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in")
    async with start(cloud, clock=hand_clock) as pilot:
        app = pilot.app
        await pilot.press("j", "j", "j", "j", "enter")
        await sees(pilot, "● Validation of bg-bob", "✗ NOT READY")
        await until(lambda: not app.session.user_validation.inspecting, "the checks")
        del cloud.results["access"]
        hand_clock.passed += 7200
        await pilot.press("j", "j", "r")
        await sees(pilot, "✓ READY")
        await pilot.press("escape")
        await sees(pilot, "✓ READY bg-bob validated 2 hours ago")


async def test_j_k_g_and_arrows_walk_through_all_lists_as_one(cloud, start, until):
    cloud.account = replace(
        cloud.account, users=AccountList(tuple(User(f"bg-{n:02}", "/breakglass/") for n in range(30)))
    )
    async with start(cloud) as pilot:
        app = pilot.app
        shown = lists(app)

        async def at(id, row):
            await until(lambda: app.focused is shown[id] and shown[id].highlighted == row, f"{id} {row}")

        await at("actions", 0)
        await pilot.press("j", "down")
        await at("actions", 2)
        await pilot.press("j")
        await at("users", 0)
        await pilot.press("G")
        await at("users", 29)
        await pilot.press("j")
        await at("actions", 0)
        await pilot.press("k")
        await at("users", 29)
        await pilot.press("g", "up")
        await at("actions", 2)
        await pilot.press("tab")
        await at("users", 0)


async def test_a_click_does_what_enter_does(cloud, start, until, sees):
    async with start(cloud) as pilot:
        await pilot.click("#users", offset=(5, 1))
        await sees(pilot, "● Validation of bg-bob")
        await pilot.press("escape")
        await until(lambda: pilot.app.screen.query("#users") and pilot.app.focused, "the start")
        await pilot.click("#actions", offset=(5, 0))
        await until(lambda: pilot.app.phase is Phase.ASSESSMENT, "the assessment")


async def test_each_action_has_its_key_and_help_names_them(cloud, start, until, sees, screen_text):
    async with start(cloud, (120, 40)) as pilot:
        app = pilot.app
        for key, opened in (("v", PickerDialog), ("o", EnvelopePathDialog), ("f1", HelpDialog)):
            await pilot.press(key)
            await until(lambda opened=opened: isinstance(app.screen, opened) and app.focused, str(opened))
            if key == "f1":
                for line in (
                    "n create an emergency user",
                    "r open the unfinished runs",
                    "f4 return to this screen from any other",
                ):
                    await sees(pilot, line)
            await pilot.press("escape")
            await until(lambda: isinstance(app.screen, StartScreen), "the start")
        await pilot.press("escape")
        await sees(pilot, "This is the start. ctrl+q quits.")


@pytest.mark.parametrize("size", [(80, 24), (200, 30)])
async def test_an_envelope_is_described_unopened_with_the_command_that_opens_it(
    cloud, start, until, sees, screen_text, paste, tmp_path, size
):
    path = tmp_path / "night shift.age"
    path.write_bytes(b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAA\n--- AAAA\n")
    async with start(cloud, size) as pilot:
        app = pilot.app
        await pilot.press("o")
        await until(lambda: isinstance(app.screen, EnvelopePathDialog) and app.focused, "the field")
        await sees(pilot, "Shows who can open the envelope", "enter continue esc cancel f1 help")
        await pilot.press("f1")
        await sees(pilot, "Help: Inspect an envelope", "It decrypts nothing.")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, EnvelopePathDialog), "the field again")
        await paste(pilot, f" '{path}x' ")
        await pilot.press("enter")
        await sees(pilot, "No such file. Check the path.")
        await pilot.press("left", "backspace")
        await until(lambda: "No such file" not in screen_text(app), "the complaint gone")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, EnvelopeDialog), "what is said of it")
        await sees(pilot, "The command asks for it.", "breakglass-tui --demo --region eu-west-1 open")
        command = f"breakglass-tui --demo --region eu-west-1 open '{path}'"
        assert app.screen.query_one("#envelope-command").size == (len(command), 1), "a wrapped command cannot be pasted"
        await pilot.press("y")
        await sees(pilot, "✓ Sent to the clipboard.")
        assert app.clipboard == command
        line = app.screen.query_one("#envelope-line")
        await pilot.press("right")
        await until(lambda: line.scroll_x == min(4, line.max_scroll_x), "the command further to the left")
        await pilot.press("f1")
        await sees(pilot, "Help: Envelope", "copy the command")
        await pilot.press("escape")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, StartScreen), "the start")


async def test_a_notice_of_the_start_does_not_stay_over_the_form(cloud, start, sees, until):
    async with start(cloud) as pilot:
        app = pilot.app
        await pilot.press("escape")
        await sees(pilot, "This is the start. ctrl+q quits.")
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "the form")
        assert not app._notifications

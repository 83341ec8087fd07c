"""The assessment form by keys: fill it, review it, return to it, and small windows."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.widgets import Footer

from breakglass_tui.ui.assessment.choice import GAP, ChoiceRow
from breakglass_tui.ui.assessment.form import AssessmentForm
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 36)]
FIELDS = [
    *("region", "user_name", "path", "tags"),
    *("access", "password_reset_required", "mfa"),
    *("kms_key_id", "offline", "groups", "role_arn"),
]


@pytest.mark.parametrize("size", SIZES)
async def test_every_kind_of_field_is_filled_by_keys(fake_cloud, assessment, go_to, until, size):
    async with assessment(fake_cloud, size) as pilot:
        draft = pilot.app.session.draft
        await go_to(pilot, "user_name")
        await pilot.press(*"night-shift")
        await go_to(pilot, "path")
        await pilot.press("ctrl+u", *"/ops/")
        await go_to(pilot, "tags")
        await pilot.press(*"team=ops, site=", "enter")
        await pilot.press("right", "right", "enter", "right", "enter", "right", "right")
        await go_to(pilot, "kms_key_id")
        await pilot.press(*"break", "enter")
        await go_to(pilot, "groups")
        await pilot.press("enter", "space", "down", "space", "enter")
        await go_to(pilot, "role_arn")
        await pilot.press("enter", *"emergencyadmin", "enter")
        await until(lambda: draft.role_arn)
        assert (draft.user_name, draft.path, draft.tags) == ("night-shift", "/ops/", "team=ops, site=")
        assert (draft.access, draft.password_reset_required, draft.mfa) == ("both", False, "sealed")
        assert draft.kms_key_id == "alias/break-glass"
        assert draft.groups == ("emergency", "developers")
        assert draft.role_arn == "arn:aws:iam::123456789012:role/EmergencyAdmin"
        await pilot.press("ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)
        assert pilot.app.session.run.setup.request.user_name == "night-shift"


@pytest.mark.parametrize("size", SIZES)
async def test_every_option_of_a_choice_can_be_read(fake_cloud, assessment, size):
    async with assessment(fake_cloud, size) as pilot:
        pilot.app.session.draft.mfa = "sealed"
        pilot.app.screen.query_one(AssessmentForm).refresh_account()
        await pilot.pause()
        rows = list(pilot.app.screen.query(ChoiceRow))
        clipped = [row.render().plain for row in rows if row.render().cell_len - GAP > row.size.width]
        assert len(rows) == 4
        assert clipped == []


async def test_the_preview_follows_every_key(fake_cloud, assessment, go_to, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        assert "break-glass-20261122-k7qm3x" in screen_text(pilot.app)
        assert "no seal" in screen_text(pilot.app)
        await go_to(pilot, "user_name")
        await pilot.press(*"zoe")
        await until(lambda: "│ zoe" in screen_text(pilot.app), "the name in the preview")
        await go_to(pilot, "kms_key_id")
        await pilot.press(*"break", "enter")
        await until(lambda: "only KMS: can lock you" in screen_text(pilot.app), "the warning")
        assert "no seal" not in screen_text(pilot.app)
        await go_to(pilot, "access")
        await pilot.press("right")
        await until(lambda: "access key" in screen_text(pilot.app), "the access key")
        assert "console password" not in screen_text(pilot.app)


async def test_a_blank_name_shows_the_generated_one_and_is_reviewed_with_it(fake_cloud, assessment, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        assert "break-glass-20261122-k7qm3x generated" in screen_text(pilot.app)
        await pilot.press("ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)
        assert pilot.app.session.run.setup.request.user_name == "break-glass-20261122-k7qm3x"
        assert fake_cloud.applied == []


async def test_back_and_forth_keeps_everything(fake_cloud, assessment, go_to, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "user_name")
        await pilot.press(*"zoe")
        await go_to(pilot, "mfa")
        await pilot.press("right")
        await go_to(pilot, "groups")
        await pilot.press(*"audit")
        await until(lambda: "Assessment · Groups to join" in screen_text(pilot.app), "the list, and whose it is")
        await pilot.press("enter", "f1")
        await until(lambda: "Help: Assessment" in screen_text(pilot.app), "the help")
        text = screen_text(pilot.app)
        assert text.index("Belongs to  The groups of the user") < text.index("What it does")
        await pilot.press("escape", "ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)
        await pilot.press("escape")
        await until(lambda: pilot.app.phase is Phase.ASSESSMENT and pilot.app.screen.query("AssessmentForm"))
        await until(lambda: "member of security-audit" in screen_text(pilot.app), "the preview")
        text = screen_text(pilot.app)
        assert "User name zoe" in text
        assert "● authenticator" in text
        assert "Groups    security-audit" in text
        assert pilot.app.focused is pilot.app.screen.query_one("#groups").control
        await pilot.press("tab", "tab", "enter")
        await until(lambda: pilot.app.phase is Phase.SUMMARY and pilot.app.screen.query("#plan"), "the summary again")
        await pilot.press("escape")
        await until(lambda: pilot.app.phase is Phase.ASSESSMENT and pilot.app.screen.query("#review"), "the form")
        await until(lambda: pilot.app.focused and pilot.app.focused.id == "review", "the button it was left by")


async def test_tab_goes_through_every_field_to_the_review(fake_cloud, assessment, until):
    async with assessment(fake_cloud) as pilot:
        seen = [pilot.app.focused.parent.id]
        while pilot.app.focused.id != "review":
            await pilot.press("tab")
            seen.append(pilot.app.focused.parent.id)
        assert seen[:-1] == FIELDS
        await pilot.press("enter")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)


async def test_review_waits_for_the_account_and_then_opens_the_summary(fake_cloud, assessment, until, screen_text):
    gate = fake_cloud.hold("roles")
    async with assessment(fake_cloud, read=False) as pilot:
        await until(lambda: pilot.app.session.connection.account and pilot.app.session.connection.account.groups)
        await pilot.press("ctrl+n")
        assert pilot.app.phase is Phase.ASSESSMENT
        assert "◌ reading roles" in screen_text(pilot.app)
        gate.set()
        await until(lambda: pilot.app.phase is Phase.SUMMARY)


async def test_until_the_caller_is_known_the_screen_shows_what_is_being_read(
    fake_cloud, assessment, until, screen_text
):
    gate = fake_cloud.hold("identify")
    async with assessment(fake_cloud, read=False) as pilot:
        assert "identifying the caller" in screen_text(pilot.app)
        await pilot.press("ctrl+n")
        assert pilot.app.phase is Phase.ASSESSMENT
        gate.set()
        await until(lambda: pilot.app.phase is Phase.SUMMARY)


async def test_escape_opens_the_start_and_keeps_the_input(fake_cloud, assessment, go_to, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await go_to(pilot, "user_name")
        await pilot.press(*"zoe", "escape", "escape")
        await until(lambda: app.phase is Phase.START and app.screen.query("#users"), "the start")
        await pilot.press("escape")
        assert app.is_running
        assert app.phase is Phase.START
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "the form")
        await until(lambda: "User name zoe" in screen_text(app), "what was typed")


async def test_help_and_the_policy_can_be_read(fake_cloud, assessment, screen_text):
    async with assessment(fake_cloud) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert "This screen only reads the account." in screen_text(pilot.app)
        await pilot.press("escape", "f2")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "85 of 2,048 characters" in text
        assert '"Effect": "Allow"' in text
        assert "Help" not in text.partition("f1 Help")[0]
        assert "Changing keys" not in text


async def test_the_policy_and_its_size_have_the_deny_without_mfa(fake_cloud, assessment, go_to, screen_text, until):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "mfa")
        await pilot.press("right", "right")
        await go_to(pilot, "require_mfa")
        await pilot.press("right")
        await until(lambda: "383 of 2,048 characters" in screen_text(pilot.app), "the size of the whole policy")
        await pilot.press("f2")
        await until(lambda: '"DenyWithoutMFA"' in screen_text(pilot.app), "the statement")


async def test_at_80x24_the_whole_form_is_visible_and_the_footer_is_not_cut(fake_cloud, assessment):
    async with assessment(fake_cloud) as pilot:
        assert pilot.app.screen.query_one("#fields").max_scroll_y == 0
        assert pilot.app.screen.query_one("#preview").max_scroll_y == 0
        assert pilot.app.screen.query_one(Footer).max_scroll_x == 0


async def test_at_60x18_every_field_and_the_preview_can_be_reached(fake_cloud, assessment, go_to, screen_text, until):
    async with assessment(fake_cloud, (60, 18)) as pilot:
        assert "○ Validation" in screen_text(pilot.app).split("\n")[1]
        await go_to(pilot, "role_arn")
        await until(lambda: "▌Role" in screen_text(pilot.app), "the last field in sight")
        await pilot.press("pagedown", "pagedown", "pagedown")
        await until(lambda: "This will create" in screen_text(pilot.app), "the preview in sight")
        assert pilot.app.screen.query_one("AssessmentForm").max_scroll_x == 0
        assert pilot.app.screen.query_one(Footer).max_scroll_x == 0


async def test_a_tiny_window_shows_the_size_it_needs_and_keeps_the_input(
    fake_cloud, assessment, go_to, screen_text, until
):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "user_name")
        await pilot.press(*"zoe")
        await pilot.resize_terminal(20, 5)
        await until(lambda: "20x5 is too small." in screen_text(pilot.app), "the notice")
        assert "60x16 or more" in screen_text(pilot.app)
        assert "ctrl+q quits" in screen_text(pilot.app)
        await pilot.resize_terminal(80, 24)
        await until(lambda: "User name zoe" in screen_text(pilot.app), "the form")


def test_the_first_screens_load_nothing_heavy_and_the_first_paint_nothing_that_can_wait():
    code = (
        "import sys, breakglass_tui.cli.program, breakglass_tui.cli.default_command\n"
        "import breakglass_tui.ui.app, breakglass_tui.ui.start.screen\n"
        "later = ('domain.sentences', 'engine.cloud', 'engine.run', 'ui.start.start_body', 'ui.validation.screen')\n"
        "found = [m for m in ('json', 'pydantic', *('breakglass_tui.' + n for n in later)) if m in sys.modules]\n"
        "import breakglass_tui.ui.start.start_body\n"
        "import breakglass_tui.ui.assessment.screen, breakglass_tui.ui.assessment.form\n"
        "heavy = ('pydantic', 'boto3', 'segno', 'jinja2')\n"
        "late = ('engine.run_store', 'engine.compose', 'ui.start.history_reads')\n"
        "late = tuple('breakglass_tui.' + each for each in late)\n"
        "print(sorted(m for m in (*heavy, *late) if m in sys.modules), found)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"


async def test_the_first_frames_do_not_call_a_good_terminal_too_small(make_app, fake_cloud, until, screen_text):
    app = make_app(fake_cloud)
    app.load_styles = lambda: None  # the later sheets are never loaded
    async with app.run_test(size=(80, 24)):
        await until(lambda: "New emergency user" in screen_text(app), "the first frame")
        assert "too small" not in screen_text(app)


async def test_quitting_while_the_form_is_composed_does_not_crash(make_app, fake_cloud, until, screen_text):
    app = make_app(fake_cloud)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        await until(lambda: "Assessment" in screen_text(app), "the first frame")
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_requiring_mfa_is_offered_only_with_a_device(fake_cloud, assessment, go_to, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        draft = pilot.app.session.draft
        assert "deny all without MFA" not in screen_text(pilot.app)
        await go_to(pilot, "mfa")
        await pilot.press("right", "enter", "right")
        await until(lambda: "only with MFA" in screen_text(pilot.app), "what it does")
        assert draft.as_mapping()["require_mfa"] is True
        await pilot.press("shift+tab", "left")
        await until(lambda: "deny all without MFA" not in screen_text(pilot.app), "the question gone")
        assert draft.as_mapping()["require_mfa"] is False
        await pilot.press("right", "ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY, "the summary")
        assert pilot.app.session.run.setup.request.require_mfa

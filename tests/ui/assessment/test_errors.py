"""Wrong input in the assessment form: the message, and where the focus goes."""

from __future__ import annotations

import pytest

from breakglass_tui.ui.assessment.field import Field
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.widgets.typed_input import LONGEST


def field(pilot, name):
    return pilot.app.screen.query_one(f"#{name}", Field)


BAD_NAMES = (
    ("night shift", "' ' is not allowed"),
    ("night/shift", "'/' is not allowed"),
    ("night\nshift", "'␊' is not allowed"),
    ("nächt", "'ä' is not allowed"),
    ("night\x1b[31m", "'␛' is not allowed"),
    ("x" * 65, "an IAM user name has at most 64 characters, and this one has 65"),
    ("ALICE", "already exists as Alice, and IAM ignores case"),
    ("bob", "already exists. Choose another name"),
)
BAD_PATHS = (
    ("breakglass", "a path starts and ends with /"),
    ("/break glass/", "a path starts and ends with /"),
    ("/" + "x" * 600 + "/", "a path has at most 512 characters, and this one has 602"),
)
BAD_TAGS = (
    ("team", "write tags as key=value"),
    ("team=a, team=b", "the tag team appears twice"),
    ("aws:team=a", "reserved prefix"),
    ("team=<b>", "'<' is not allowed"),
)


async def test_a_wrong_user_name_is_reported_while_it_is_typed_and_never_reviewed(
    fake_cloud, assessment, go_to, paste, screen_text
):
    async with assessment(fake_cloud) as pilot:
        for name, said in BAD_NAMES:
            await go_to(pilot, "user_name")
            await paste(pilot, name)
            assert said in field(pilot, "user_name").error
            await go_to(pilot, "access")
            await pilot.press("ctrl+n")
            assert pilot.app.phase is Phase.ASSESSMENT
            assert pilot.app.focused is field(pilot, "user_name").control
            assert "✗ 1 field to correct" in screen_text(pilot.app)
            assert "\x1b" not in screen_text(pilot.app)
            await pilot.press("ctrl+u")
            assert field(pilot, "user_name").error == ""


@pytest.mark.parametrize(("name", "cases"), [("path", BAD_PATHS), ("tags", BAD_TAGS)])
async def test_an_error_is_shown_under_the_field_when_it_loses_the_focus(
    fake_cloud, assessment, go_to, paste, name, cases
):
    async with assessment(fake_cloud) as pilot:
        for typed, said in cases:
            await go_to(pilot, name)
            field(pilot, name).complain("")
            await pilot.press("ctrl+u")
            await paste(pilot, typed)
            assert field(pilot, name).error == ""
            await pilot.press("tab")
            assert said in field(pilot, name).error
            await pilot.press("ctrl+n")
            assert pilot.app.phase is Phase.ASSESSMENT
            assert pilot.app.focused is field(pilot, name).control


async def test_review_marks_every_bad_field_and_focuses_the_first(fake_cloud, assessment, go_to, paste, screen_text):
    async with assessment(fake_cloud) as pilot:
        for name, text in (("user_name", "a b"), ("path", "x"), ("tags", "y")):
            await go_to(pilot, name)
            await paste(pilot, text)
        await go_to(pilot, "role_arn")
        await pilot.press("ctrl+n")
        assert [f.field_name for f in pilot.app.screen.query(Field) if f.error] == ["user_name", "path", "tags"]
        assert pilot.app.focused is field(pilot, "user_name").control
        assert "✗ 3 fields to correct" in screen_text(pilot.app)


async def test_a_wrong_path_does_not_hide_conflicts_with_the_account(fake_cloud, assessment, go_to, paste):
    async with assessment(fake_cloud) as pilot:
        pilot.app.session.draft.groups = ("emergency", "gone")
        pilot.app.session.draft.path = "x"
        errors = {error.field: error.message for error in review(pilot.app.session)}
        assert set(errors) == {"path", "groups"}
        assert errors["groups"] == "no such group in this account: gone"


async def test_ten_thousand_pasted_characters_break_nothing(fake_cloud, assessment, go_to, paste, screen_text):
    async with assessment(fake_cloud) as pilot:
        for name in ("user_name", "path", "tags"):
            await go_to(pilot, name)
            await paste(pilot, "x\x1b[2J\n\u202e\u0301" * 2000)
        draft = pilot.app.session.draft
        assert max(len(text) for text in (draft.user_name, draft.path, draft.tags)) == LONGEST
        await pilot.press("ctrl+n")
        lines = screen_text(pilot.app).split("\n")
        assert len(lines) == 24
        assert lines[1].startswith(" ● Assessment")
        assert "f1 Help" in lines[-1]
        assert "\x1b" not in "".join(lines)
        assert pilot.app.screen.query_one("AssessmentForm").max_scroll_x == 0


async def test_white_space_around_a_paste_is_dropped_and_a_second_line_is_not(fake_cloud, assessment, go_to, paste):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "user_name")
        await paste(pilot, "  zoe\n")
        assert pilot.app.session.draft.user_name == "zoe"
        await paste(pilot, "x\ny")
        assert pilot.app.session.draft.user_name == "zoex␊y"


async def test_a_plan_that_cannot_be_made_is_reported(fake_cloud, assessment, screen_text, monkeypatch):
    from breakglass_tui.domain.problems import Problem

    def refuse(setup):
        raise Problem("No plan.", why="A test says so.")

    monkeypatch.setattr(fake_cloud, "plan", refuse)
    async with assessment(fake_cloud, (120, 36)) as pilot:
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert pilot.app.phase is Phase.ASSESSMENT
        assert "✗ No plan. A test says so." in screen_text(pilot.app)
        assert pilot.app.session.run.setup is None

"""Phase 2: the exact plan, the preflight checks, and the confirmation."""

from __future__ import annotations

import pytest
from reviewing import looked, result

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.engine.plan import Change
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.plan_list import PlanList, short_actions
from breakglass_tui.ui.summary.screen import SummaryScreen

SIZES = [(80, 24), (120, 36)]
ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"
WHOLE = {
    "access": "both",
    "mfa": "authenticator",
    "groups": ("emergency",),
    "role_arn": ROLE,
    "kms_key_id": "alias/break-glass",
    "seal_to": "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g",
    "tags": "team=sre, note=two words",
}


@pytest.mark.parametrize("size", SIZES)
async def test_steps_are_in_order_with_actions_marks_and_brackets(fake_cloud, summary, until, screen_text, size):
    def rows_of(app):
        marks = ("+ new", "+ member", "~ changed")
        return [line for line in screen_text(app).splitlines() if any(mark in line for mark in marks)]

    async with summary(fake_cloud, size, **WHOLE) as pilot:
        # The width of the list is final only after the preview beside it has been laid out.
        await until(lambda: len(rows_of(pilot.app)) == 7, "each step on a row of its own")
        lines, rows = screen_text(pilot.app).splitlines(), rows_of(pilot.app)
    assert "Nothing has been written yet. The plan has 7 steps:" in "\n".join(lines)
    assert [row.split()[0].strip("▸") or row.split()[1] for row in rows] == list("1234567")
    assert "Create user" in rows[0]
    assert "iam:CreateUser" in rows[0]
    assert "~ changed" in next(row for row in rows if "Role EmergencyAdmin" in row)
    assert "+ member" in next(row for row in rows if "Group" in row)
    assert "┐ in" in rows[1]
    assert "│ parallel" in rows[2]
    assert "┘" in rows[5]
    assert "Inline policy" in rows[6]
    assert "last" in rows[6]


async def test_the_selected_step_is_shown_in_full_and_marked_without_colour(fake_cloud, summary, screen_text):
    async with summary(fake_cloud, **WHOLE) as pilot:
        await pilot.press("G")
        await pilot.pause()
        last = screen_text(pilot.app)
        await pilot.press("g", "j", "down", "k")
        await pilot.pause()
        second = screen_text(pilot.app)
    assert "▸  7 Inline policy" in last
    assert "iam:DeleteUser" in last
    assert "▸  2 Enrol MFA device" in second
    assert "A device" in second


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_configuration_can_be_read(fake_cloud, summary, until, size):
    async with summary(fake_cloud, size, **WHOLE) as pilot:
        await looked(pilot, until)
        flat = "".join(pilot.app.screen.query_one("#facts").render().plain.split())
        await pilot.press("pagedown", "pagedown", "pagedown")
        last = pilot.app.screen.query_one("#facts")
        await until(lambda: last.region.bottom < size[1], "the end of it on the screen")
        titles = [str(title.render()) for title in pilot.app.screen.query("#right .section-title")]
        assert titles == ["Who can open what", "Settings"]
    for part in (
        "break-glass-20261122-k7qm3x",
        "/breakglass/",
        "eu-west-1",
        "arn:aws:iam::123456789012:user/ops-admin",
        "console sign-in with a password, and an access key",
        "temporary, changed at first sign-in",
        "authenticator app",
        ROLE,
        "4 tags: 2 of the program, 2 of the request (team=sre, note=two words)",
        "Not changed: other users",
    ):
        assert "".join(part.split()) in flat, part


async def test_nothing_is_written_and_nothing_starts_before_the_confirmation(fake_cloud, summary, until):
    async with summary(fake_cloud, **WHOLE) as pilot:
        await looked(pilot, until)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog))
        assert fake_cloud.applied == []
        assert pilot.app.session.run.engine is None


async def test_the_default_is_no(fake_cloud, summary, until, ask_to_create):
    async with summary(fake_cloud) as pilot:
        await looked(pilot, until)
        for key in ("enter", "escape", "n"):
            await ask_to_create(pilot)
            await pilot.press(key)
            await until(lambda: isinstance(pilot.app.screen, SummaryScreen))
            assert pilot.app.session.run.engine is None
    assert fake_cloud.applied == []


@pytest.mark.parametrize("keys", [("right", "enter"), ("y", "y", "y")])
async def test_yes_in_the_demo_starts_one_run(fake_cloud, summary, until, ask_to_create, keys):
    async with summary(fake_cloud) as pilot:
        await looked(pilot, until)
        await ask_to_create(pilot)
        await pilot.press(*keys)
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the next phase")
        await until(lambda: pilot.app.session.run.record.finished_at, "the run")
        assert pilot.app.session.run.record.status is RunStatus.DONE
        assert fake_cloud.applied.count("create-user") == 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_real_account_requires_the_last_four_digits_of_its_id(
    fake_cloud, summary, until, ask_to_create, screen_text, size
):
    fake_cloud.demo = False
    async with summary(fake_cloud, size, demo=False) as pilot:
        await looked(pilot, until)
        await ask_to_create(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert "Type the digits first." in screen_text(pilot.app)
        await pilot.press("9", "0", "1", "3", "enter")
        await pilot.pause()
        assert "Wrong digits. Check the account id, then type them again." in screen_text(pilot.app)
        assert pilot.app.session.run.engine is None
        await pilot.press("backspace", "2", "enter")
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the next phase")
        await until(lambda: pilot.app.session.run.record.finished_at, "the run")


async def test_the_policy_can_be_read_with_version_source_and_size(fake_cloud, summary, screen_text, until):
    async with summary(fake_cloud) as pilot:
        await pilot.press("p")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog))
        await pilot.pause()
        text = screen_text(pilot.app)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, SummaryScreen))
    for part in ("arn:aws:iam::aws:policy/AdministratorAccess", "v1", "85 of 2,048", '"Effect": "Allow"'):
        assert part in text


async def test_a_long_policy_scrolls(fake_cloud, summary, screen_text, until):
    statement = {"Effect": "Allow", "Action": [f"s3:Action{n}" for n in range(40)], "Resource": "*"}
    policy = AdminPolicy("arn:aws:iam::aws:policy/AdministratorAccess", "v2", {"Statement": [statement]})
    fake_cloud.account = type(fake_cloud.account)(
        **{name: getattr(fake_cloud.account, name) for name in fake_cloud.account.__dataclass_fields__}
        | {"admin_policy": policy}
    )
    async with summary(fake_cloud) as pilot:
        await pilot.press("p")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog))
        await pilot.pause()
        assert "s3:Action39" not in screen_text(pilot.app)
        await pilot.press("G")
        await until(lambda: "s3:Action39" in screen_text(pilot.app), "the end of the policy")


async def test_the_diff_is_shown_by_sign_and_only_where_there_is_one(fake_cloud, summary, screen_text, until):
    async with summary(fake_cloud, role_arn=ROLE) as pilot:
        await pilot.press("d")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog))
        await pilot.pause()
        text = screen_text(pilot.app)
    assert "--- now" in text
    assert '+{"[/]": "x"}' in text
    async with summary(fake_cloud) as pilot:
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SummaryScreen)


async def test_going_back_keeps_every_choice_and_can_return(fake_cloud, summary, until):
    async with summary(fake_cloud, **WHOLE) as pilot:
        app = pilot.app
        before = dict(vars(app.session.draft))
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT, "the form")
        assert vars(app.session.draft) == before
        assert not review(app.session)
        app.move(Phase.ASSESSMENT, Phase.SUMMARY)
        await until(lambda: app.screen.query("#plan") and app.screen.focused, "the summary")
        assert app.session.run.setup.request.as_json()["tags"] == {"team": "sre", "note": "two words"}
    assert fake_cloud.applied == []


async def test_hostile_names_are_shown_as_text(fake_cloud, summary, screen_text, monkeypatch):
    fake_cloud.results["quota"] = result(CheckStatus.WARN, "[bold]x[/] \x1b]0;title\x07", "[/]")
    plan = fake_cloud.plan

    def hostile(setup):
        made = plan(setup)
        made.steps[0].title = "[/] \x1b[31mname"
        made.steps[0].change = Change("diff", "[bold]says[/]", "+[/foo]\x1b[2J")
        return made

    monkeypatch.setattr(fake_cloud, "plan", hostile)
    async with summary(fake_cloud) as pilot:
        text = screen_text(pilot.app)
        await pilot.press("d")
        await pilot.pause()
        diff = screen_text(pilot.app)
    assert "[/] \\x1b[31mname" in text
    assert "[bold]says[/]" in text
    assert "+[/foo]\\x1b[2J" in diff
    assert "\x1b" not in text + diff


@pytest.mark.parametrize("draft", [{}, {"role_arn": ROLE}])
async def test_the_footer_is_not_cut_and_has_at_most_six_keys(fake_cloud, summary, until, draft):
    async with summary(fake_cloud, **draft) as pilot:
        footer = pilot.app.screen.query_one("Footer")
        await until(lambda: footer.query("FooterKey"), "the keys")
        assert footer.max_scroll_x == 0
        assert 4 <= len(footer.query("FooterKey")) <= 6


async def test_a_click_on_a_step_chooses_it_and_creates_nothing(fake_cloud, summary, until):
    async with summary(fake_cloud, **WHOLE) as pilot:
        await looked(pilot, until)
        await pilot.click(PlanList, offset=(5, 3))
        await pilot.pause()
        assert pilot.app.screen.query_one(PlanList).highlighted == 3
        assert isinstance(pilot.app.screen, SummaryScreen)


def test_actions_are_cut_between_words_writes_first_and_the_rest_is_counted():
    actions = ("iam:GetRole", "iam:UpdateAssumeRolePolicy", "kms:Encrypt")
    assert short_actions(actions, 80) == "iam:UpdateAssumeRolePolicy, kms:Encrypt, iam:GetRole"
    assert short_actions(actions, 40) == "iam:UpdateAssumeRolePolicy +2"
    assert short_actions(actions, 15) == "iam:UpdateA… +2"
    assert short_actions((), 15) == ""

"""The effects of the account on the form: lists, lists that cannot be read, another Region, problems."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.ui.assessment.field import Field
from breakglass_tui.ui.assessment.form import AssessmentForm
from breakglass_tui.ui.state.phase import Phase

DENIED = Problem("AWS refused iam:List [/] \x1b[31m.", kind=Kind.REFUSED)


def field(pilot, name):
    return pilot.app.screen.query_one(f"#{name}", Field)


def deny(cloud, *parts):
    cloud.account = replace(cloud.account, **{part: AccountList(problem=DENIED) for part in parts})


async def test_denied_lists_become_typed_fields_with_a_note_and_the_same_rules(
    fake_cloud, assessment, go_to, paste, screen_text
):
    deny(fake_cloud, "groups", "roles", "keys", "regions")
    cases = (
        ("region", "Ireland", "is not a Region name"),
        ("kms_key_id", "alias/aws/s3", "belong to AWS services"),
        ("groups", "a b", "' ' is not allowed"),
        ("role_arn", "role/x", "is not a role ARN"),
    )
    async with assessment(fake_cloud, (120, 44)) as pilot:
        assert screen_text(pilot.app).count("cannot be listed") == 4
        assert "AWS refused iam:List [/] \\x1b[31m." in screen_text(pilot.app)
        for name, typed, said in reversed(cases):
            await go_to(pilot, name)
            await pilot.press("ctrl+u")
            await paste(pilot, typed)
            await pilot.press("ctrl+n")
            assert said in field(pilot, name).error
            assert pilot.app.phase is Phase.ASSESSMENT
            assert pilot.app.focused is field(pilot, name).control


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kms_key_id", "No KMS keys in this Region"),
        ("groups", "No groups in this account"),
        ("role_arn", "No roles in this account"),
    ],
)
async def test_a_picker_with_nothing_to_select_says_why(fake_cloud, assessment, go_to, screen_text, until, name, why):
    empty = dict.fromkeys(("keys", "groups", "roles"), AccountList(()))
    fake_cloud.account = replace(fake_cloud.account, **empty)
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, name)
        await pilot.press("enter")
        await until(lambda: why in screen_text(pilot.app), why)


async def test_input_for_a_denied_list_reaches_the_request(fake_cloud, assessment, go_to, paste, until):
    deny(fake_cloud, "groups", "roles", "keys")
    typed = {
        "kms_key_id": "alias/mine",
        "groups": "emergency, ops",
        "role_arn": "arn:aws:iam::999999999999:role/x",
    }
    async with assessment(fake_cloud) as pilot:
        for name, text in typed.items():
            await go_to(pilot, name)
            await paste(pilot, text)
        await pilot.press("enter")
        assert "the role is in another account" in field(pilot, "role_arn").error
        await pilot.press("ctrl+u")
        await paste(pilot, "arn:aws:iam::123456789012:role/x")
        await pilot.press("enter")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)
        request = pilot.app.session.run.setup.request
        assert (request.kms_key_id, request.groups) == ("alias/mine", ("emergency", "ops"))
        assert request.role_arn == "arn:aws:iam::123456789012:role/x"


async def test_regions_that_aws_did_not_list_are_marked_unverified(fake_cloud, assessment, screen_text):
    regions = (Region("eu-west-1", "unverified", "Europe (Ireland)"), Region("eu-west-2", "unverified"))
    fake_cloud.account = replace(fake_cloud.account, regions=AccountList(regions, DENIED))
    async with assessment(fake_cloud) as pilot:
        assert "? not verified" in screen_text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Europe (Ireland) · not verified" in screen_text(pilot.app)


async def test_hostile_text_of_the_account_is_text(fake_cloud, assessment, go_to, screen_text):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        await go_to(pilot, "kms_key_id")
        await pilot.press(*"backup", "enter")
        await go_to(pilot, "role_arn")
        await pilot.press(*"deployer", "enter")
        await pilot.pause()
        assert "[/foo] \\x1b[31mred" in screen_text(pilot.app)
        assert "[/] not markup \\x1b]0;title\\x07" in screen_text(pilot.app)
        assert "\x1b" not in screen_text(pilot.app)


async def test_another_region_reads_its_keys_and_clears_a_key_that_is_not_there(
    fake_cloud, assessment, go_to, until, screen_text
):
    gate = fake_cloud.hold("keys eu-central-1")
    async with assessment(fake_cloud) as pilot:
        session = pilot.app.session
        await go_to(pilot, "kms_key_id")
        await pilot.press(*"break", "enter")
        assert session.draft.kms_key_id == "alias/break-glass"
        await go_to(pilot, "region")
        await pilot.press("enter", *"frankfurt", "enter")
        await until(lambda: "reading KMS keys of eu-central-1" in screen_text(pilot.app), "the notice")
        await pilot.press("ctrl+n")
        assert pilot.app.phase is Phase.ASSESSMENT
        gate.set()
        dropped = "⚠ alias/break-glass is deselected: eu-central-1"
        await until(lambda: dropped in screen_text(pilot.app), "what became of the seal")
        await pilot.pause()
        assert pilot.app.phase is Phase.ASSESSMENT, "the operator has not agreed to continue without that seal"
        assert session.draft.kms_key_id == ""
        await pilot.press("enter", "escape")
        assert dropped in screen_text(pilot.app)
        await pilot.press("enter", "enter")
        await until(lambda: dropped not in screen_text(pilot.app), "the answer taken")
        await pilot.press("ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)
        assert "keys eu-central-1" in fake_cloud.asked
        assert session.connection.account.region == session.run.setup.request.region == "eu-central-1"


async def test_the_new_regions_keys_can_be_picked(fake_cloud, assessment, go_to, until, screen_text):
    async with assessment(fake_cloud) as pilot:
        await pilot.press("enter", *"eu-central", "enter")
        await until(lambda: pilot.app.session.connection.account.region == "eu-central-1")
        assert "eu-central-1" in screen_text(pilot.app).split("\n")[0]
        await go_to(pilot, "kms_key_id")
        await pilot.press("enter", *"alias", "enter")
        assert pilot.app.session.draft.kms_key_id == "alias/frankfurt"


async def test_a_problem_is_shown_with_its_next_step_and_retried(fake_cloud, assessment, until, screen_text):
    fake_cloud.refusals["connect"] = Problem(
        "No credentials [/] were found.", why="Nothing is set.", next="Run: aws sso login", kind=Kind.CREDENTIALS
    )
    async with assessment(fake_cloud, read=False) as pilot:
        await until(lambda: "No credentials [/] were found." in screen_text(pilot.app), "the panel")
        text = screen_text(pilot.app)
        assert "Nothing is set." in text
        assert "Run: aws sso login" in text
        assert "ctrl+r" in text
        assert "no account" in text.split("\n")[0]
        await pilot.press("ctrl+n")
        assert pilot.app.phase is Phase.ASSESSMENT
        await pilot.press("ctrl+r")
        await until(lambda: fake_cloud.asked.count("connect") == 2 and pilot.app.session.connection.trouble)
        await pilot.pause()
        assert "No credentials" in screen_text(pilot.app)
        del fake_cloud.refusals["connect"]
        await pilot.press("enter")
        await until(lambda: pilot.app.session.connection.is_read)
        await until(lambda: "User name" in screen_text(pilot.app), "the form")
        assert "No credentials" not in screen_text(pilot.app)
        await pilot.press("ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY)


async def test_without_the_admin_policy_the_summary_stays_closed_and_the_reason_is_shown(
    fake_cloud, assessment, screen_text
):
    fake_cloud.account = replace(fake_cloud.account, admin_policy=DENIED)
    async with assessment(fake_cloud, (120, 36)) as pilot:
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert pilot.app.phase is Phase.ASSESSMENT
        assert "AdministratorAccess could not be read" in field(pilot, "region").error
        await pilot.press("f2")
        assert pilot.app.phase is Phase.ASSESSMENT


async def test_what_is_read_while_the_form_opens_is_on_it(fake_cloud, make_app, monkeypatch, until, screen_text):
    app = make_app(fake_cloud)
    real = AssessmentForm._draw_preview

    def read_meanwhile(form):
        # The form has drawn the account, and does not hear of changes yet.
        app.session.connection.account = fake_cloud.account
        real(form)

    async with app.run_test(size=(120, 44)) as pilot:
        await until(lambda: app.session.connection.is_read, "the account")
        app.session.connection.account = None
        monkeypatch.setattr(AssessmentForm, "_draw_preview", read_meanwhile)
        await pilot.press("n")
        await until(lambda: app.screen.query("AssessmentForm") and not app.screen.query("#opening"), "the form")
        await until(lambda: "Europe (Ireland)" in screen_text(app), "the Region")
        assert "reading" not in screen_text(app)

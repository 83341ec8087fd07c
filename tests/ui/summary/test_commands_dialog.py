"""Phase 2: the plan as commands, to read, copy and save."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from breakglass_tui.domain.permissions import OperatorPermissions, Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.summary.commands_dialog import CommandsDialog
from breakglass_tui.ui.summary.screen import SummaryScreen

KEYS = ("tab Terraform", "s save", "y copy", "esc close")


def saved(app):
    return sorted(path.name for path in app.session.run.setup.envelopes.directory.glob("*"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_script_and_terraform_are_read_copied_and_saved(fake_cloud, summary, until, screen_text, size):
    async with summary(fake_cloud, size) as pilot:
        app = pilot.app
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, CommandsDialog), "the dialog")
        await pilot.pause()
        text = screen_text(app)
        assert all(key in text for key in ("#!/usr/bin/env bash", "The plan as aws commands", *KEYS))
        await pilot.press("G")
        await until(lambda: "Done. Next, validate the user" in screen_text(app), "its end")
        await pilot.press("s")
        await until(lambda: "Saved as" in screen_text(app), "the file")
        assert all(key in screen_text(app) for key in KEYS)
        await pilot.press("tab")
        await until(lambda: "The plan as a Terraform file" in screen_text(app), "the other form")
        await pilot.press("y", "s")
        await until(lambda: len(saved(app)) == 2, "the other file")
        name = app.session.run.setup.request.user_name
        assert saved(app) == [f"{name}.commands.sh", f"{name}.tf"]
        directory = app.session.run.setup.envelopes.directory
        assert app.clipboard == (directory / f"{name}.tf").read_text()
        assert (directory / f"{name}.commands.sh").read_text().startswith("#!/usr/bin/env bash\n")
        assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, SummaryScreen), "the summary")
        assert fake_cloud.applied == []


async def test_the_iam_policy_is_read_copied_and_saved_without_its_notes(
    fake_cloud, summary, until, screen_text, monkeypatch
):
    needed = (Permission("iam:CreateUser", ("arn:of:user",)), Permission("iam:ListUsers", ("*",), "No resource type."))
    permissions = OperatorPermissions(apply=needed)
    plan = fake_cloud.plan
    monkeypatch.setattr(fake_cloud, "plan", lambda setup: replace(plan(setup), permissions=permissions))
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        await pilot.press("i")
        await until(lambda: isinstance(app.screen, CommandsDialog), "the dialog")
        await until(lambda: "The IAM policy that you need for this plan" in screen_text(app), "its title")
        assert "tab aws commands" in screen_text(app)
        await pilot.press("y", "s")
        await until(lambda: "Saved as" in screen_text(app), "the file")
        name = app.session.run.setup.request.user_name
        assert saved(app) == [f"{name}.iam-policy.json"]
        statements = json.loads(app.clipboard)["Statement"]
        assert [statement["Action"] for statement in statements] == [["iam:CreateUser"], ["iam:ListUsers"]]
        assert (app.session.run.setup.envelopes.directory / saved(app)[0]).read_text() == app.clipboard
        await pilot.press("G")
        await until(lambda: "No resource type." in screen_text(app), "the reason of the wildcard")
        await pilot.press("tab")
        await until(lambda: "The plan as aws commands" in screen_text(app), "the next format")
        await pilot.press("shift+tab", "shift+tab")
        await until(lambda: "The plan as a Terraform file" in screen_text(app), "the format before")


async def test_a_failure_to_show_or_save_is_reported(fake_cloud, summary, until, screen_text):
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        directory = app.session.run.setup.envelopes.directory
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.write_text("a file in its place")
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, CommandsDialog), "the dialog")
        await pilot.press("s")
        await until(lambda: "Cannot write" in screen_text(app), "the problem")
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, SummaryScreen), "the summary")
        unread = replace(app.session.run.setup.account, admin_policy=Problem("Denied.", why="No [/] policy\x1b."))
        app.session.run.setup = replace(app.session.run.setup, account=unread)
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, CommandsDialog), "the dialog")
        await pilot.press("s", "y")
        await until(lambda: "✗ Denied." in screen_text(app), "why there is nothing")
        assert "No [/] policy\\x1b." in screen_text(app)
        assert directory.is_file()

"""Hostile text on every screen: it is shown as text, and controls nothing."""

from __future__ import annotations

import pytest
from hostile import ALL, WORST
from hostile_cloud import HostileCloud

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.preflight_panel import refusal

SIZES = [(80, 24), (120, 50)]
"""The sizes of the walk: it starts in the first and ends in the second."""


def begin(text):
    """Return the part of ``text`` that is visible if it is cut."""
    return show(text)[:12]


async def test_the_whole_way_from_the_form_to_the_report(walk, until, ask_to_create, clean):
    text, read = "".join(WORST), show(WORST[0])  # the length that a heading and a row have room for
    cloud = HostileCloud(text)
    async with walk(cloud, SIZES[0]) as pilot:
        app = pilot.app
        await until(lambda: app.session.connection.is_read, "the account")
        await clean(pilot, begin(text))
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, DocumentDialog), "the policy")
        await clean(pilot, read)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, DocumentDialog), "the form again")
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpDialog), "the help")
        await clean(pilot)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, DocumentDialog), "the form")
        await pilot.press("ctrl+n")
        await until(lambda: app.phase is Phase.SUMMARY and not refusal(app.session.run), "the summary")
        await clean(pilot, begin(text))
        for key in "pd":
            await pilot.press(key)
            await until(lambda: isinstance(app.screen, DocumentDialog), "the document")
            await clean(pilot, read)
            await pilot.press("pagedown", "pagedown")
            await clean(pilot)
            await pilot.press("escape")
            await until(lambda: not isinstance(app.screen, DocumentDialog), "the summary again")
        await pilot.press("pagedown", "end")
        await clean(pilot)
        await pilot.resize_terminal(*SIZES[1])
        await clean(pilot)
        await ask_to_create(pilot)
        await clean(pilot, begin(text))
        await pilot.press("y")
        await until(lambda: app.phase is Phase.CONFIGURATION and app.session.run.done, "the run")
        await clean(pilot, begin(text))
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.VALIDATION and not app.session.run.validation.inspecting, "the checks")
        await until(lambda: app.session.run.record.checks, "the checks")
        await pilot.press("j", "tab", "pagedown")
        await clean(pilot, begin(text))
        await pilot.press("i")
        await until(lambda: isinstance(app.screen, DocumentDialog), "what was made")
        await clean(pilot, read)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, DocumentDialog), "the checks again")
        for key in ("v", "c"):
            await pilot.press(key)
            await until(lambda: isinstance(app.screen, DocumentDialog), "verdict and compliance")
            await clean(pilot, begin(text))
            await pilot.press("escape")
            await until(lambda: not isinstance(app.screen, DocumentDialog), "the checks again")
        await pilot.press("e")
        await until(lambda: app.session.run.validation.exported, "the report")
        await clean(pilot)


@pytest.mark.parametrize("name", ["region", "groups", "role_arn", "kms_key_id"])
async def test_a_picker_shows_each_of_them_in_a_row_of_its_own(walk, until, clean, name):
    async with walk(HostileCloud(), (200, len(ALL) + 60)) as pilot:
        app = pilot.app
        await until(lambda: app.session.connection.is_read, "the account")
        app.screen.query_one(f"#{name}").control.focus()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, PickerDialog), "the list")
        await clean(pilot, *(begin(text) for text in ALL.values()))


async def test_an_account_that_cannot_be_reached_says_why_in_words(walk, until, clean):
    cloud = HostileCloud()
    cloud.refusals["identify"] = Problem(WORST[0], why=WORST[1], next=WORST[2])
    async with walk(cloud) as pilot:
        await until(lambda: pilot.app.screen.query("ProblemPanel"), "the problem")
        await clean(pilot, *map(show, WORST))

"""An access key that is pasted or typed into a field is masked at once, and the operator reads what to do."""

from __future__ import annotations

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

from breakglass_tui.domain.access_keys import MASK, NOT_HERE
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.assessment.recipients_area import RecipientsArea
from breakglass_tui.ui.shell.pasted_secrets import EXPOSED

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CSV = f"Access key ID,Secret access key\r\n{KEY_ID},{SECRET}\r\n"


@pytest.fixture
def form(assessment, fake_cloud):
    """``async with form() as pilot``: the form is open."""
    return lambda: assessment(fake_cloud, (120, 40))


def warned(app):
    """Return whether the notice with the advice was shown."""
    return EXPOSED in [note.message for note in app._notifications]


async def pasted(pilot, text):
    """Let the terminal paste ``text``."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


@pytest.mark.parametrize("text", [CSV, SECRET, f"aws_secret_access_key = {SECRET}"])
@pytest.mark.parametrize("field", ["user_name", "path", "tags"])
async def test_a_pasted_access_key_is_masked_and_refused_in_plain_words(form, go_to, screen_text, text, field):
    async with form() as pilot:
        app = pilot.app
        await go_to(pilot, field)
        app.focused.value = ""
        await pasted(pilot, text)
        assert app.focused.value == MASK
        assert warned(app)
        assert SECRET[:8] not in screen_text(app)
        await pilot.press("tab")
        assert app.screen.query_one(f"#{field}").error == NOT_HERE
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert app.screen.query_one(f"#{field}").error == NOT_HERE
        assert SECRET not in repr(vars(app.session.draft))


async def test_a_typed_access_key_is_masked_when_it_is_complete(form, go_to):
    async with form() as pilot:
        await go_to(pilot, "user_name")
        field = pilot.app.focused
        await pilot.press(*KEY_ID, "comma", *SECRET[:-1].replace("/", "+"))
        assert (field.value[:4], warned(pilot.app)) == ("AKIA", False)
        await pilot.press(SECRET[-1])
        assert (field.value, warned(pilot.app)) == (MASK, True)


async def test_other_text_is_pasted_as_it_is(form, go_to):
    async with form() as pilot:
        await go_to(pilot, "user_name")
        await pasted(pilot, "break-glass-ops")
        assert (pilot.app.focused.value, warned(pilot.app)) == ("break-glass-ops", False)


async def test_a_secret_that_the_app_copied_is_not_pasted_into_a_field(form, go_to):
    async with form() as pilot:
        await go_to(pilot, "user_name")
        pilot.app.copy_to_clipboard(SECRET)
        await pilot.press("ctrl+v")
        assert (pilot.app.focused.value, warned(pilot.app)) == (MASK, True)


async def test_the_palette_gets_no_access_key_either(form, until):
    async with form() as pilot:
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")
        await pilot.pause()
        await pasted(pilot, SECRET)
        assert pilot.app.screen.query_one(Input).value == MASK
        assert warned(pilot.app)


async def test_recipients_are_emptied_of_a_typed_access_key(form, until):
    async with form() as pilot:
        app = pilot.app
        app.push_screen(OfflineSealsDialog(app.session.draft))
        await until(lambda: app.screen.query(RecipientsArea), "the dialog")
        area = app.screen.query(RecipientsArea).first()
        area.focus()
        await pilot.pause()
        area.insert(f"{KEY_ID} {SECRET}")
        await until(lambda: not area.text, "the removal")
        assert warned(app)
        await pasted(pilot, SECRET)
        assert SECRET not in area.text


@pytest.mark.parametrize("text", ["abc", SECRET])
async def test_after_a_paste_the_next_keys_arrive(fake_cloud, assessment, go_to, until, text):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "user_name")
        field = pilot.app.focused
        paste, key = events.Paste(text), events.Key("z", "z")
        key.time = paste.time + 1  # later than the keys that come with a paste
        pilot.app.receive(paste)
        pilot.app.receive(key)
        await until(lambda: field.value.endswith("z"), "the key")
        assert SECRET not in field.value

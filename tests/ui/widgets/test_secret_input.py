"""The field for a passphrase: its value reaches only the dialog that asked for it."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from breakglass_tui.ui.widgets.secret_input import LONGEST, SecretInput

PASSPHRASE = "seven-quiet-otters"


class Asking(App[None]):
    """An app that asks for a passphrase and records the messages of the field."""

    def __init__(self):
        super().__init__()
        self.told = []

    def compose(self):
        yield SecretInput(placeholder="passphrase", id="passphrase")
        yield Input(id="other")

    def on_mount(self):
        self.query_one(SecretInput).focus()

    def on_secret_input_changed(self, message):
        self.told.append(message)

    on_secret_input_submitted = on_secret_input_blurred = on_secret_input_changed


@pytest.fixture
def asking():
    return Asking()


@pytest.mark.parametrize("keys", [("ctrl+c",), ("ctrl+x",), ("super+c",), ("shift+delete",)])
async def test_all_of_it_selected_and_copied_or_cut_leaves_clipboard_and_field_alone(asking, keys):
    async with asking.run_test() as pilot:
        await pilot.press(*PASSPHRASE, "ctrl+a", *keys)
        field = asking.query_one(SecretInput)
        field.select_all()
        await pilot.press(*keys)
        field.action_copy()
        field.action_cut()
        assert asking.clipboard == ""
        assert field.value == PASSPHRASE


async def test_selecting_the_whole_screen_and_copying_it_leaves_the_value_out(asking, screen_text):
    async with asking.run_test() as pilot:
        await pilot.press(*PASSPHRASE)
        asking.screen.text_select_all()
        await pilot.press("ctrl+c")
        assert PASSPHRASE not in asking.clipboard
        assert PASSPHRASE not in (asking.screen.get_selected_text() or "")
        assert PASSPHRASE not in screen_text(asking)
        assert "•" * len(PASSPHRASE) in screen_text(asking)


async def test_no_repr_shows_the_value(asking, until):
    async with asking.run_test() as pilot:
        await pilot.press(*PASSPHRASE, "enter", "tab")
        await until(lambda: {type(one).__name__ for one in asking.told} == {"Changed", "Submitted", "Blurred"})
        field = asking.query_one(SecretInput)
        assert [one.value for one in asking.told][-1] == PASSPHRASE
        said = "".join(f"{one!r}{one}{list(one.__rich_repr__())}" for one in asking.told)
        assert PASSPHRASE not in said + repr(field) + str(field) + str(list(field.__rich_repr__()))


@pytest.mark.parametrize(
    ("pasted", "taken", "said"),
    [
        (PASSPHRASE, PASSPHRASE, False),
        (f"  {PASSPHRASE}\r\n", PASSPHRASE, False),
        (f"{PASSPHRASE}\nrm -rf /\n", PASSPHRASE, True),
        ("seven\x1b[31m-quiet\x00-otters\u200b", "seven[31m-quiet-otters", True),
        ("pass\u2028word", "pass", True),
        ("é日本 x", "é日本 x", False),
        ("", "", False),
        ("\n\n", "", False),
    ],
)
async def test_a_paste_is_one_line_that_could_be_typed_and_says_so_when_there_was_more(asking, pasted, taken, said):
    async with asking.run_test() as pilot:
        asking.focused.post_message(events.Paste(pasted))
        await pilot.pause()
        assert asking.query_one(SecretInput).value == taken
        assert len(asking._notifications) == int(said)


async def test_a_paste_replaces_what_is_selected_and_ends_where_the_field_does(asking):
    async with asking.run_test() as pilot:
        field = asking.query_one(SecretInput)
        await pilot.press(*"abc")
        field.select_all()
        field.post_message(events.Paste("x" * LONGEST * 2))
        await pilot.pause()
        assert field.value == "x" * LONGEST


async def test_it_suggests_and_validates_nothing(asking):
    async with asking.run_test():
        field = asking.query_one(SecretInput)
        assert (field.suggester, field.highlighter, list(field.validators)) == (None, None, [])
        assert field.password

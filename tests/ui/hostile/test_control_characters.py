"""The last filter before the terminal: a widget that draws raw text, and pasted or typed text."""

from __future__ import annotations

import pytest
from fake_account import FakeCloud
from hostile import ALL, STEERING, WORST, broken_columns, steering
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.widgets import Input, OptionList, Static

from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.shell.control_characters import ControlCharacters


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_line_keeps_its_cells_and_loses_what_steers(text):
    segments = [Segment("before "), Segment(text), Segment(" after")]
    passed = ControlCharacters().apply(segments, Color(0, 0, 0))
    joined = "".join(segment.text for segment in passed)
    assert steering(joined) == []
    if "\u200d" not in text and not {"\ufe0e", "\ufe0f", "\U0001f3fd"} & set(text):  # cells that depend on neighbours
        assert cell_len(joined) == cell_len("".join(segment.text for segment in segments))


async def test_a_widget_that_draws_raw_text_steers_nothing(walk, written):
    async with walk(FakeCloud()) as pilot:
        body = pilot.app.screen.query_one("#body")
        raw = "".join(STEERING.values())
        await body.mount(Static(raw, markup=False), OptionList(raw, markup=False), Input(raw, placeholder=raw))
        body.border_title = raw.replace("[", "")
        body.styles.border = ("round", "red")
        pilot.app.notify(raw, title="x", markup=False)
        await pilot.pause()
        assert "PW" in "".join(written)
        assert steering("".join(written)) == []


async def test_what_is_pasted_into_a_field_is_seen_and_steers_nothing(walk, until, paste, go_to, clean):
    async with walk(FakeCloud()) as pilot:
        app = pilot.app
        await until(lambda: app.session.connection.is_read, "the account")
        texts = list(ALL.values())
        for number, name in enumerate(("user_name", "path", "tags")):
            field = app.screen.query_one(f"#{name}")
            for text in (*WORST, *texts[number::12]):
                await go_to(pilot, name)
                field.input.value = ""
                await paste(pilot, f"x\t{text}\x1b[201~")
                assert field.input.value.isprintable()
                await clean(pilot)


async def test_what_is_pasted_into_the_search_of_a_list_finds_nothing_and_does_nothing(walk, until, paste, clean):
    async with walk(FakeCloud()) as pilot:
        app = pilot.app
        await until(lambda: app.session.connection.is_read, "the account")
        app.screen.query_one("#groups").control.focus()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, PickerDialog), "the list")
        for text in WORST:
            await paste(pilot, text)
            await clean(pilot, "no match")
        assert isinstance(app.screen, PickerDialog)


def test_a_column_that_is_broken_is_noticed():
    assert broken_columns(["ab", "幅", "a", "\u2764\ufe0f"], 2) == ["a", "\u2764\ufe0f"]

"""PickerDialog by keys and by mouse."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import OptionList, Static

from breakglass_tui.ui.dialogs.picker import MOST, PickerDialog, PickItem
from breakglass_tui.ui.widgets.typed_input import TypedInput

ITEMS = (
    PickItem("", "none"),
    PickItem("a", "alias/alpha", "[/] first"),
    PickItem("b", "alias/beta", "second"),
    PickItem("c", "alias/closed", obstacle="pending deletion"),
)


@pytest.fixture
def picking(until):
    async def pick(keys, items=ITEMS, chosen=(), **values):
        answers = []
        app = App()
        async with app.run_test(size=(80, 24)) as pilot:
            app.push_screen(PickerDialog("Pick", items, chosen, **values), answers.append)
            await until(lambda: isinstance(app.screen, PickerDialog) and app.screen.query(OptionList))
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            shown = app.screen.query_one(OptionList).option_count if isinstance(app.screen, PickerDialog) else None
        return answers, shown

    return pick


async def test_typing_filters_by_name_and_description(picking):
    assert await picking(["s", "e", "c"]) == ([], 1)
    assert await picking([*"first alpha"]) == ([], 1)
    assert await picking([*"nothing like it"]) == ([], 0)


async def test_enter_selects_the_highlighted_one(picking):
    assert await picking(["down", "enter"]) == ([("a",)], None)
    assert await picking([*"beta", "enter"]) == ([("b",)], None)


async def test_the_selected_one_is_highlighted_at_first(picking):
    assert await picking(["enter"], chosen=("b",)) == ([("b",)], None)


async def test_a_query_from_outside_is_filtered_at_once(picking):
    assert await picking([], query="beta") == ([], 1)


async def test_a_key_pressed_while_the_dialog_is_drawn_is_searched_for_too(until):
    class Drawing(PickerDialog):
        def compose(self):
            yield from super().compose()
            self.search_on("e")

    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Drawing("Pick", ITEMS, (), query="b"))
        await until(lambda: isinstance(app.screen, Drawing) and app.screen.query(TypedInput))
        await pilot.press("t")
        assert app.screen.query_one(TypedInput).value == "bet"
        assert app.screen.query_one(OptionList).option_count == 1


@pytest.fixture
def counted(until):
    async def count(app, pilot, items, query="", **values):
        dialog = PickerDialog("Pick", items, (), query=query, **values)
        app.push_screen(dialog)
        await until(lambda: dialog.is_active and dialog.query("#picker-count"), "the dialog")
        await pilot.pause()
        return str(dialog.query_one("#picker-count", Static).content)

    return count


async def test_it_counts_the_choices_and_shows_enter_only_if_it_works(counted):
    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        assert await counted(app, pilot, ITEMS) == "3 found · enter select · esc cancel · f1 help"
        assert await counted(app, pilot, ITEMS, "zzz") == "no match · esc cancel · f1 help"
        assert await counted(app, pilot, ITEMS[:1]) == "the list is empty · enter select · esc cancel · f1 help"
        assert (
            await counted(app, pilot, ITEMS[1:], many=True)
            == "3 found · space select · enter save · esc cancel · f1 help"
        )


async def test_an_empty_list_says_why_it_is_empty(counted):
    why = "No KMS keys in this Region"
    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        assert await counted(app, pilot, ITEMS[:1], empty=why) == f"{why} · enter select · esc cancel · f1 help"
        assert await counted(app, pilot, (), empty=why) == f"{why} · esc cancel · f1 help"
        assert await counted(app, pilot, (), "zzz", empty=why) == f"{why} · esc cancel · f1 help"


async def test_one_with_an_obstacle_cannot_be_selected(picking):
    assert await picking([*"closed", "enter"]) == ([], 1)
    assert await picking(["down", "down", "down", "enter"]) == ([("",)], None)


async def test_escape_changes_nothing(picking):
    assert await picking(["down", "escape"], chosen=("b",)) == ([None], None)


async def test_of_many_space_selects_and_deselects_and_enter_saves(picking):
    answers, _ = await picking(["space", "down", "space", "enter"], ITEMS[1:], ("a",), many=True)
    assert answers == [("b",)]
    answers, _ = await picking(["space", "enter"], ITEMS[1:], ("a",), many=True)
    assert answers == [()]


async def test_of_many_enter_without_space_adds_the_highlighted_one(picking):
    assert await picking([*"beta", "enter"], ITEMS[1:], many=True) == ([("b",)], None)
    assert await picking(["enter"], ITEMS[1:], ("b",), many=True) == ([("b",)], None)
    assert await picking([*"zzz", "enter"], ITEMS[1:], ("b",), many=True) == ([("b",)], None)


async def test_of_many_escape_keeps_the_selection_of_before(picking):
    assert await picking(["space", "escape"], ITEMS[1:], ("a",), many=True) == ([None], None)


async def test_of_many_space_selects_the_match_and_is_not_searched_for(picking):
    assert await picking([*"beta", "space"], ITEMS[1:], many=True) == ([], 1)
    answers, _ = await picking([*"beta", "space", "enter"], ITEMS[1:], many=True)
    assert answers == [("b",)]
    assert await picking([*"zzz", "space", "enter"], ITEMS[1:], many=True) == ([()], None)


async def test_keys_pressed_twice_close_it_once(picking):
    answers, _ = await picking(["enter", "enter", "escape"])
    assert answers == [("",)]


async def test_of_very_many_only_some_are_drawn_and_all_are_found(picking):
    items = tuple(PickItem(str(n), f"group-{n}") for n in range(3000))
    assert await picking([], items) == ([], MOST)
    assert await picking([*"group-2999", "enter"], items) == ([("2999",)], None)


async def test_the_mouse_selects_one_but_not_one_with_an_obstacle(until):
    answers = []
    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PickerDialog("Pick", ITEMS, ()), answers.append)
        await until(lambda: isinstance(app.screen, PickerDialog) and app.screen.query(OptionList))
        await pilot.pause()
        await pilot.click(OptionList, offset=(5, 3))
        assert answers == []
        await pilot.click(OptionList, offset=(5, 2))
        await until(lambda: answers)
        assert answers == [("b",)]


async def test_a_long_list_keeps_its_keys_and_the_selected_one_visible(assessment, fake_cloud, screen_text, until):
    items = tuple(PickItem(str(number), f"item-{number:02}") for number in range(40))
    async with assessment(fake_cloud, (80, 24)) as pilot:
        for size in ((80, 24), (120, 36), (60, 16)):
            await pilot.resize_terminal(*size)
            pilot.app.push_screen(PickerDialog("Pick", items, ("25",)))
            await until(lambda: "40 found" in screen_text(pilot.app), f"the count and the keys at {size}")
            await until(lambda: "item-25" in screen_text(pilot.app), f"the chosen item at {size}")
            assert "40 found" in screen_text(pilot.app)
            await pilot.press("escape")


async def test_a_list_that_is_open_follows_the_terminal(assessment, fake_cloud, screen_text, until):
    items = tuple(PickItem(str(number), f"item-{number:02}") for number in range(40))
    async with assessment(fake_cloud, (120, 36)) as pilot:
        pilot.app.push_screen(PickerDialog("Pick", items, ()))
        await until(lambda: "40 found" in screen_text(pilot.app), "the list")
        await pilot.resize_terminal(80, 24)
        await until(lambda: "40 found" in screen_text(pilot.app), "the count and the keys in less room")


async def test_a_search_in_thousands_prepares_their_text_once_and_draws_a_list_only_if_it_changes(picking, monkeypatch):
    prepared, drawn = [], []
    searched, set_options = PickItem.searched.fget, OptionList.set_options
    monkeypatch.setattr(PickItem, "searched", property(lambda item: prepared.append(item.id) or searched(item)))
    monkeypatch.setattr(OptionList, "set_options", lambda rows, new: drawn.append(1) or set_options(rows, new))
    items = tuple(PickItem(str(n), f"group-{n}", "a group") for n in range(5000))
    answers, _ = await picking([*"group-4999", "enter"], items)
    assert answers == [("4999",)]
    assert prepared == [item.id for item in items]
    # At first, then after the first digit, and while the digits leave other entries.
    assert len(drawn) == 1 + len("4999")

"""Keys from the configuration: their effect, the actions that lose a key, and entries without effect."""

from __future__ import annotations

from collections import defaultdict

import pytest
from textual.binding import Binding

from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.keys import _nodes, is_key, taken, unfit
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.widgets.identity_bar import IdentityBar

OWN = sorted(
    {node for node in _nodes() if node.__module__.startswith("breakglass_tui")}, key=lambda node: node.__name__
)


@pytest.mark.parametrize("node", OWN, ids=lambda node: node.__name__)
def test_bindings_that_share_a_key_share_an_id(node):
    ids = defaultdict(set)
    for binding in vars(node).get("BINDINGS", ()):
        assert isinstance(binding, Binding)
        assert binding.id, f"{binding.key} has no id"
        for key in binding.key.split(","):
            ids[key].add(binding.id)
    assert {key: names for key, names in ids.items() if len(names) > 1} == {}


@pytest.mark.parametrize("node", OWN, ids=lambda node: node.__name__)
def test_no_key_is_a_prefix_of_tmux_or_screen(node):
    keys = {key for binding in vars(node).get("BINDINGS", ()) for key in binding.key.split(",")}
    assert not keys & {"ctrl+a", "ctrl+b"}


@pytest.mark.parametrize("key", ["r", "R", "ctrl+r", "f5", "pagedown", "question_mark", "ctrl+shift+left", "ö"])
def test_a_key_of_textual_is_a_key(key):
    assert is_key(key)


@pytest.mark.parametrize("key", ["", "controll+r", "F25x", "pgdown", "ctrl+"])
def test_a_name_that_is_no_key_is_none(key):
    assert not is_key(key)


def test_entries_without_effect_are_reported_with_the_nearest_id():
    assert unfit({"review": "f8", "quit": "ctrl+q,f10"}) == []
    assert unfit({"reviev": "f8", "export": "pgdown"}) == [
        "Unknown action reviev. Did you mean review?",
        "Unknown key pgdown for export.",
    ]


def test_an_action_that_loses_its_key_is_reported():
    assert taken({"help": "f2", "policy": "f6,p", "seals-reveal": "f9"}) == []
    assert taken({"help": "f2"}) == [f"f2 now means help, no longer {id}." for id in ("policy", "seals-reveal")]


async def test_wrong_keys_are_reported_after_the_first_paint(fake_cloud, make_app, until):
    app = make_app(fake_cloud)
    app.use_keys({"helf": "f2", "review": "f2"})
    async with app.run_test(size=(120, 36)):
        await until(lambda: app._notifications, "the notice")
        (told,) = (each.message for each in app._notifications)
        assert "Unknown action helf. Did you mean help?" in told
        assert "f2 now means review, no longer policy." in told
        fake_cloud.release()


async def test_the_new_key_works_the_old_one_does_not_and_the_help_lists_it(fake_cloud, make_app, until, screen_text):
    app = make_app(fake_cloud)
    app.use_keys({"new": "f8", "review": "f9", "help": "f2"})
    async with app.run_test(size=(120, 36)) as pilot:
        await until(lambda: app.session.connection.is_read, "the account")
        await pilot.press("n")
        await pilot.pause()
        assert app.phase is Phase.START
        await pilot.press("f8")
        await until(lambda: app.screen.query("AssessmentForm") and app.screen.query(IdentityBar), "the form")
        await until(lambda: app.screen.query("#user_name"), "its fields")
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, HelpDialog), "the help")
        await pilot.press("G")
        await until(lambda: "Changed in config.toml" in screen_text(app), "what was changed")
        await until(lambda: "review         f9" in screen_text(app), "the new key")
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, HelpDialog), "the form again")
        await pilot.press("f9")
        await until(lambda: app.phase is Phase.SUMMARY, "the summary")
        fake_cloud.release()
        await until(lambda: not app.session.run.prechecking, "the looks")

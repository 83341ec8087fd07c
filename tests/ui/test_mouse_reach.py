"""Everything a key does can be clicked: each binding has a place for the mouse, and new ones must name theirs."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import chain

import pytest
from textual.app import App
from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.screen import ModalScreen, Screen

from breakglass_tui.ui.assessment import passphrase_choice
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.configuration.stop_dialog import StopDialog
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
from breakglass_tui.ui.keys import _nodes
from breakglass_tui.ui.shell.screen_commands import ELSEWHERE
from breakglass_tui.ui.start.screen import StartScreen
from breakglass_tui.ui.summary.commands_dialog import CommandsDialog
from breakglass_tui.ui.widgets.hints import said_keys
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen

OWN = sorted(
    {node for node in _nodes() if node.__module__.startswith("breakglass_tui") and vars(node).get("BINDINGS")},
    key=lambda node: node.__name__,
)
DIALOGS = [node for node in OWN if issubclass(node, ModalScreen)]
MOVES = frozenset(
    {
        *("app.focus_next", "app.focus_previous", "walk", "page", "move", "step", "first", "last"),
        *("cursor_down", "cursor_up", "scroll", "scroll_down", "scroll_up", "scroll_home", "scroll_end", "page_down"),
        *("screen.scroll_detail", "screen.walk"),
    }
)
"""Actions that the mouse does by a click or by its wheel."""
ON_WIDGETS = {
    "AssessmentForm": "a field is clicked, the wheel scrolls",
    "ChoiceRow": "an option is clicked",
    "CodeInput": "a step is clicked in the list of steps",
    "PickButton": "the row is clicked",
    "Reader": "the wheel scrolls",
    "RowList": "a row is clicked",
    "StepList": "a row is clicked",
    "Threshold": "its arrows are clicked",
}
BY_NAME = {"visit": "Validate a user", "unfinished": "Unfinished runs", "first-sign-in": "First sign-in"}
OF_APPS = {
    "quit": "Quit in the palette",
    "start": "Start in the palette",
    "suspend": "a matter of the terminal, where keys are typed",
    "secret-before": "n, in the footer, goes round",
}
ASIDE = {
    (CommandsDialog, "commands-previous"): "tab, in the line of keys, goes round",
    (ConfirmDialog, "confirm-yes"): "the right button",
    (ConfirmDialog, "confirm-no"): "the left button",
    (Dialog, "help"): "f1 help, in the line of keys of each dialog",
    (Dialog, "help-alternative"): "f1 help, in the line of keys of each dialog",
    (OfflineSealsDialog, "seals-reveal"): "the cover of the passphrase",
    (PassphraseDialog, "passphrase-leave"): "the button Leave",
    (StopDialog, "go-on"): "the row Continue",
}


def bindings(node):
    return [binding for binding in vars(node).get("BINDINGS", ()) if isinstance(binding, Binding)]


def moves(binding):
    return binding.action.partition("(")[0] in MOVES


def words(node):
    """Yield every text in the module of a dialog and of its base classes, with a placeholder for values."""
    for each in node.__mro__:
        if each.__module__.startswith("breakglass_tui"):
            for part in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(each)))):
                match part:
                    case ast.JoinedStr(values=values):
                        yield "".join(one.value if isinstance(one, ast.Constant) else "VALUE" for one in values)
                    case ast.Constant(value=str() as text):
                        yield text


def test_the_ids_of_the_table_are_in_use():
    ids = {binding.id for node in OWN for binding in bindings(node)}
    assert {*BY_NAME, *OF_APPS, *(id for _, id in ASIDE)} <= ids
    assert set(BY_NAME) == ELSEWHERE


def test_what_a_widget_does_by_key_the_pointer_does_on_it():
    widgets = [node for node in OWN if not issubclass(node, (Screen, App))]
    assert {node.__name__ for node in widgets} == set(ON_WIDGETS)
    for node in widgets:
        clicked = hasattr(node, "on_click") or hasattr(node, "_on_click") or issubclass(node, ScrollableContainer)
        assert clicked or all(map(moves, bindings(node))), node


@pytest.mark.parametrize("node", [node for node in OWN if issubclass(node, App)], ids=lambda node: node.__name__)
def test_what_an_app_does_by_key_has_a_place(node):
    for binding in bindings(node):
        assert binding.show or moves(binding) or binding.id in OF_APPS, binding


@pytest.mark.parametrize(
    "node", [node for node in OWN if issubclass(node, PhaseScreen)], ids=lambda node: node.__name__
)
def test_what_a_screen_does_by_key_is_in_its_footer_or_in_the_palette(node):
    for binding in bindings(node):
        # The palette has every binding with an id and a title, unless it is system. No screen is before the start.
        assert binding.show or not binding.system or (node, binding.action) == (StartScreen, "back"), binding
        assert binding.id, binding
        assert binding.description, binding
        if not binding.system:
            assert re.fullmatch(r"[A-Z][^.]+\.( [A-Z][^.]+\.)?", binding.tooltip), f"{binding.id}: {binding.tooltip!r}"


@pytest.mark.parametrize("node", DIALOGS, ids=lambda node: node.__name__)
def test_what_a_dialog_does_by_key_can_be_clicked(node):
    said = {key for text in words(node) for line in text.splitlines() for _, key in said_keys(line)}
    every = list(chain.from_iterable(map(bindings, node.__mro__)))
    reached = {binding.action for binding in every if said.intersection(binding.key.split(","))}
    lacking = [one for one in bindings(node) if one.action not in reached and not moves(one)]
    assert [one.id for one in lacking if (node, one.id) not in ASIDE] == []


def test_the_cover_of_a_generated_passphrase_names_its_key():
    assert [key for _, key in said_keys(passphrase_choice.COVER)] == ["f2"]

"""Dialogs: help, documents and the confirmation, over any screen."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList

import breakglass_tui.ui.dialogs
from breakglass_tui.domain.acknowledgements import NO_MFA, ONLY_KMS
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.style_sheets import first_sheet, later_sheets
from breakglass_tui.ui.summary.accept_risk_dialog import AcceptRiskDialog
from breakglass_tui.ui.summary.screen import SummaryScreen
from breakglass_tui.ui.themes import THEMES
from breakglass_tui.ui.validation.screen import ValidationScreen
from breakglass_tui.ui.widgets.paragraphs import Paragraph, paragraphs_of, plain


class Stage(App[None]):
    """An empty App with the product's styles. It records the answers of dialogs."""

    CSS_PATH = [first_sheet(), *later_sheets()]

    def __init__(self):
        super().__init__()
        self.answers = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name


def lines(app):
    return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("screen", [SummaryScreen, ValidationScreen])
async def test_help_can_be_read_to_its_end(size, screen):
    app = Stage()
    async with app.run_test(size=size) as pilot:
        app.push_screen(HelpDialog("Here", screen.ABOUT))
        await pilot.pause()
        seen = lines(app)
        for _ in range(4):
            await pilot.press("pagedown")
            await pilot.pause()
            seen += lines(app)
    text = " ".join(" ".join(line.strip(" │▔▁") for line in seen).split())
    for heading in ("What it does", "What it will change", "Keys"):
        assert heading in text
    assert "ctrl+q quit" in text
    assert "esc close" in text


async def test_help_closes_by_every_usual_key():
    app = Stage()
    async with app.run_test() as pilot:
        for key in ("escape", "f1", "question_mark", "enter", "q"):
            app.push_screen(HelpDialog("Here", "text"))
            await pilot.pause()
            await pilot.press(key)
            await pilot.pause()
            assert not isinstance(app.screen, HelpDialog), key


async def test_f1_and_the_question_mark_open_the_help_of_a_screen_once(fake_cloud, summary, until):
    async with summary(fake_cloud) as pilot:
        for key in ("f1", "question_mark"):
            await pilot.press(key)
            await until(lambda: isinstance(pilot.app.screen, HelpDialog), "the help")
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, SummaryScreen), "the screen below")


async def test_a_document_fits_the_smallest_terminal_and_shows_markup_as_text():
    app = Stage()
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(DocumentDialog("[/title]", [plain("[bold]x[/nothing]"), *(plain(f"{n}") for n in range(50))]))
        await pilot.pause()
        assert "[/title]" in "\n".join(lines(app))
        assert "[bold]x[/nothing]" in "\n".join(lines(app))
        assert app.screen.query_one("#dialog").region.width <= 40
        await pilot.press("G")
        await pilot.pause()
        await pilot.pause()
        assert app.screen.query_one("#document").scroll_offset.y > 0


async def test_a_confirmation_opens_on_no():
    app = Stage()
    async with app.run_test() as pilot:
        app.push_screen(ConfirmDialog("Really?", "It writes.", yes="Write"), app.answers.append)
        await pilot.pause()
        assert isinstance(app.focused, Button)
        assert app.focused.id == "no"
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == [False]


async def test_the_buttons_answer_to_the_mouse():
    app = Stage()
    async with app.run_test() as pilot:
        for button, answer in (("#no", False), ("#yes", True)):
            app.push_screen(ConfirmDialog("Really?", "It writes.", yes="Write"), app.answers.append)
            await pilot.pause()
            await pilot.click(button)
            await pilot.pause()
            assert app.answers.pop() is answer


async def test_pasted_text_counts_by_its_first_line_and_without_spaces():
    app = Stage()
    async with app.run_test() as pilot:
        app.push_screen(
            ConfirmDialog("Really?", "It writes.", yes="Write", must_type="9012", prompt="Digits"), app.answers.append
        )
        await pilot.pause()
        field = app.screen.query_one(Input)
        field.focus()
        await pilot.pause()
        field.post_message(events.Paste(" 9012 \nrm -rf /"))
        await pilot.pause()
        assert "rm" not in field.value
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == [True]


async def test_digits_typed_while_no_has_the_focus_all_go_into_the_field():
    app = Stage()
    async with app.run_test() as pilot:
        app.push_screen(
            ConfirmDialog("Really?", "It writes.", yes="Write", must_type="9012", prompt="Digits"), app.answers.append
        )
        await pilot.pause()
        await pilot.press("9", "0", "1", "2")
        await pilot.pause()
        assert app.screen.query_one(Input).value == "9012"
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == [True]


async def test_a_required_input_cannot_be_skipped_by_mouse():
    app = Stage()
    async with app.run_test() as pilot:
        app.push_screen(
            ConfirmDialog("Really?", "It writes.", yes="Write", must_type="9012", prompt="Digits"), app.answers.append
        )
        await pilot.pause()
        await pilot.click("#yes")
        await pilot.pause()
        assert app.answers == []
        await pilot.press("9", "0", "1", "2")
        await pilot.click("#yes")
        await pilot.pause()
        assert app.answers == [True]


def test_a_body_stays_right_of_its_head_and_goes_below_when_there_is_no_room():
    paragraph = Paragraph(plain("label  ").body, plain("one two three four").body)
    assert [line.plain for line in paragraph.lines(20)] == ["label  one two three", "       four"]
    assert [line.plain for line in paragraph.lines(16)] == ["label  ", "  one two three", "  four"]


def test_indented_text_wraps_at_its_indent():
    found = [line.plain for each in paragraphs_of("Head\n  one two three\n\n  x") for line in each.lines(14)]
    assert found == ["Head", "  one two", "  three", "", "  x"]


def test_a_list_of_keys_wraps_in_its_own_column():
    found = [line.plain for each in paragraphs_of("  ctrl+n  one two three four") for line in each.lines(24)]
    assert found == ["  ctrl+n  one two three", "          four"]


def test_every_help_text_has_the_same_headings(fake_cloud, make_app):
    app = make_app(fake_cloud)
    for phase in Phase:
        about = app.screen_of(phase).ABOUT.splitlines()
        headings = [line for line in about if line and not line.startswith(" ")]
        assert headings[:3] == ["What it does", "What it will change", "Keys"], phase
        assert max(map(len, headings)) < 40, phase  # a sentence that is not a heading would be bold


async def test_the_palette_offers_only_what_helps_here(assessment, fake_cloud):
    async with assessment(fake_cloud) as pilot:
        offered = {command.title: command.help for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert {"Quit", "Theme", "Keys"} <= offered.keys()
        assert offered["Quit"] == "Quit the program. Asks first if a run is active. Shortcut: ^q"
        assert offered.keys().isdisjoint({"Screenshot", "Maximize"})


async def test_the_palette_offers_and_runs_the_actions_of_a_screens_keys(fake_cloud, summary, until):
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        offered = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {"Help", "Create", "Policy", "Commands", "Seals", "Recheck"} <= offered.keys()
        assert offered["Policy"].help == "Show the inline policy of the user. Shortcut: p"
        assert offered["Quit"].help.endswith("Shortcut: ^q")
        assert offered.keys().isdisjoint({"Focus Next", "Retry"})
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, CommandPalette) and app.focused, "the palette")
        await pilot.press(*"Policy")
        options = app.screen.query_one(OptionList)
        await until(lambda: options.option_count == 2, "this command and the one of the IAM policy")
        assert "Show the inline policy of the user." in str(options.get_option_at_index(0).prompt)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, DocumentDialog), "the policy")
        assert not {command.title for command in app.get_system_commands(app.screen)} & {"Create", "Close"}


async def test_a_notice_takes_the_place_of_the_one_before(assessment, fake_cloud):
    async with assessment(fake_cloud) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        for _ in range(3):
            await pilot.press("escape")
        assert [note.message for note in pilot.app._notifications] == ["This is the start. ctrl+q quits."]


def dialogs():
    """Return every dialog class that has one help text. The callers of ``PickerDialog`` give it theirs."""
    modules = pkgutil.iter_modules(breakglass_tui.ui.dialogs.__path__, "breakglass_tui.ui.dialogs.")
    found = [each for module in modules for each in vars(importlib.import_module(module.name)).values()]
    classes = {each for each in found if isinstance(each, type) and issubclass(each, ModalScreen)}
    return sorted(
        classes - {ModalScreen, SizedDialog, Dialog, HelpDialog, PickerDialog}, key=lambda each: each.__name__
    )


@pytest.mark.parametrize("dialog", dialogs(), ids=lambda each: each.__name__)
def test_every_dialog_has_help(dialog):
    assert issubclass(dialog, Dialog)
    assert dialog.NAMED
    for heading in ("What it does", "What it will change", "Keys"):
        assert heading in dialog.ABOUT


@pytest.mark.parametrize(
    "dialog",
    [
        lambda: ConfirmDialog("Create?", "It can be undone.", yes="Create", must_type="9012", prompt="Last 4 digits"),
        lambda: ConfirmDialog("Leave?", "Nothing is lost.", yes="Leave", no="Stay"),
        lambda: PassphraseDialog("Passphrase", "It opens the envelope.", new=True),
        lambda: AcceptRiskDialog(NO_MFA),
        lambda: AcceptRiskDialog(ONLY_KMS),
        lambda: DocumentDialog("Verdict", [plain("READY")]),
    ],
    ids=["digits", "confirm", "passphrase", "no MFA", "KMS alone", "document"],
)
async def test_the_keys_of_a_dialog_name_its_help(dialog):
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog())
        await pilot.pause()
        assert any("f1 help" in line for line in lines(app)), "\n".join(lines(app))

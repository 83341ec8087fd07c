"""Keys that follow a paste faster than a hand can press are dropped."""

from __future__ import annotations

import signal
import sys

import pexpect
import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from breakglass_tui.domain.acknowledgements import NO_MFA
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.shell.pasted_keys import IGNORED, QUIET_S
from breakglass_tui.ui.shell.terminal_input import TerminalInput
from breakglass_tui.ui.summary.accept_risk_dialog import AcceptRiskDialog
from breakglass_tui.ui.widgets.typed_input import TypedInput

START, END = "\x1b[200~", "\x1b[201~"
LIMIT_S = 60
CLICK = "\x1b[<0;3;1M\x1b[<0;3;1m"


class Field(TerminalInput, App[None]):
    """An app with a field, and a key that records that it was pressed."""

    BINDINGS = [("ctrl+q", "press", "Press")]

    def __init__(self):
        super().__init__()
        self.pressed = 0

    def compose(self):
        yield TypedInput("")

    def action_press(self):
        self.pressed += 1


@pytest.fixture
def arrive():
    """``await arrive(pilot, event, at)``: deliver ``event`` as if the terminal sent it at second ``at``."""

    async def send(pilot, event, at):
        event.time = at
        pilot.app.receive(event)
        await pilot.pause()

    return send


def key(name, character=None):
    return events.Key(name, character)


@pytest.mark.parametrize(("after", "counts"), [(0.0, False), (QUIET_S, False), (QUIET_S + 0.01, True), (9.0, True)])
async def test_a_key_counts_again_when_a_hand_could_have_pressed_it(arrive, after, counts):
    app = Field()
    async with app.run_test() as pilot:
        await arrive(pilot, events.Paste("abc"), 1000.0)
        await arrive(pilot, key("ctrl+q"), 1000.0 + after)
        await arrive(pilot, key("x", "x"), 1000.0 + after)
        assert app.pressed == int(counts)
        assert app.query_one(Input).value == ("abcx" if counts else "abc")


async def test_a_long_tail_is_dropped_completely_with_one_notice(arrive, until):
    app = Field()
    async with app.run_test() as pilot:
        await arrive(pilot, events.Paste("abc"), 1000.0)
        for number in range(1, 9):
            await arrive(pilot, key("ctrl+q"), 1000.0 + number * 0.2)
        assert app.pressed == 0
        await until(lambda: [one.message for one in app._notifications] == [IGNORED], "the notice")
        await arrive(pilot, key("ctrl+q"), 1003.0)
        assert app.pressed == 1


async def test_keys_before_a_paste_and_a_second_paste_count(arrive):
    app = Field()
    async with app.run_test() as pilot:
        await arrive(pilot, key("x", "x"), 999.99)
        await arrive(pilot, events.Paste("abc"), 1000.0)
        await arrive(pilot, events.Paste("def"), 1000.1)
        assert app.query_one(Input).value == "xabcdef"


async def test_a_click_inside_a_paste_is_dropped_too(arrive):
    app = Field()
    async with app.run_test() as pilot:
        app.set_focus(None)
        await arrive(pilot, events.Paste("abc"), 1000.0)
        at = {"x": 3, "y": 0, "delta_x": 0, "delta_y": 0, "button": 1, "shift": False, "meta": False, "ctrl": False}
        await arrive(pilot, events.MouseDown(None, **at), 1000.1)
        assert app.focused is None
        await arrive(pilot, events.MouseDown(None, **at), 1009.0)
        assert app.focused is app.query_one(Input)


class Really(TerminalInput, App[None]):
    """An app that asks before a write."""

    def __init__(self, must_type):
        super().__init__()
        self.must_type, self.answers = must_type, []

    def on_mount(self):
        self.push_screen(
            ConfirmDialog("Really?", "It writes.", yes="Write", must_type=self.must_type), self.answers.append
        )


@pytest.mark.parametrize(
    ("must_type", "pasted", "tail"),
    [
        ("", "abc", "y"),
        ("", "abc", "\t\r"),
        ("9012", "abc", "9012\r"),
        ("9012", "9012", "\r"),
        ("9012", "9012", "\t\t\r"),
    ],
)
async def test_a_paste_does_not_confirm(arrive, must_type, pasted, tail):
    app = Really(must_type)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.focused.id == "no"
        await arrive(pilot, events.Paste(pasted), 1000.0)
        for number, character in enumerate(tail):
            name = {"\t": "tab", "\r": "enter"}.get(character, character)
            await arrive(pilot, key(name, character), 1000.0 + number / 1000)
        assert app.answers == []
        assert isinstance(app.screen, ConfirmDialog)


@pytest.mark.parametrize(("focus", "tail"), [("#typed", "\r"), ("#avoid", "no mfa\r"), ("#avoid", "\r")])
async def test_a_paste_does_not_accept_a_risk(arrive, focus, tail):
    app = Really("")
    async with app.run_test() as pilot:
        app.push_screen(AcceptRiskDialog(NO_MFA), app.answers.append)
        await pilot.pause()
        app.screen.query_one(focus).focus()
        await pilot.pause()
        await arrive(pilot, events.Paste(NO_MFA.words), 1000.0)
        for number, character in enumerate(tail):
            name = {"\r": "enter", " ": "space"}.get(character, character)
            await arrive(pilot, key(name, character), 1000.0 + number / 1000)
        assert app.answers == []
        assert isinstance(app.screen, AcceptRiskDialog)


@pytest.fixture
def child(tmp_path, monkeypatch):
    """The real program with its first screen on a terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    command = ["-m", "breakglass_tui", "--demo"]
    child = pexpect.spawn(
        sys.executable, command, cwd=tmp_path, dimensions=(24, 80), timeout=LIMIT_S, encoding="utf-8", use_poll=True
    )
    child.expect_exact("New emergency user")
    child.send("n")
    child.expect_exact("AdministratorAccess v1")
    yield child
    if child.isalive():
        child.kill(signal.SIGKILL)
    child.close()


TAILS = ["\x11", "\x1b", "\r", "\x0e", CLICK, "1234\r", f"{START}x{END}\x11"]


def paste(child, tail):
    """Send a paste with keys behind it. Return the output until a hand could press the next key."""
    child.send(f"{START}abc{END}{tail}")
    child.expect([pexpect.TIMEOUT], timeout=2 * QUIET_S)
    return child.before


def test_no_tail_of_a_paste_quits_or_confirms_in_the_real_program(child):
    for tail in TAILS:
        seen = paste(child, tail)
    assert child.isalive()
    assert "Preflight checks" not in seen
    press(child, "\x15\x0e", "Preflight checks")
    press(child, "\r", 'or type "no mfa", then enter:')
    assert "Create break-glass-" not in paste(child, "no mfa\r")
    press(child, "\x15no mfa\r", "Create break-glass-")
    assert "Store this now" not in paste(child, "y")
    press(child, "y", "Store this now")
    assert "Quit during the run?" not in paste(child, "ryy\x11")
    press(child, "\x11", "Quit during the run?")


def press(child, keys, answer):
    """Press until the app, which may still be busy, shows ``answer``."""
    for _ in range(LIMIT_S // 3):
        child.send(keys)
        if child.expect_exact([answer, pexpect.TIMEOUT], timeout=3) == 0:
            return
    raise AssertionError(f"{keys!r} never led to {answer!r}")

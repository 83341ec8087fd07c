"""Prompts for a passphrase on a real terminal."""

from __future__ import annotations

import os
import select
import termios

import pytest

from breakglass_tui.plain import passphrase_prompt as prompt
from breakglass_tui.plain.passphrase_prompt import known_passphrase, new_passphrase, new_passphrase_or_back
from breakglass_tui.plain.terminal import InputEnded, Terminal

GOOD = "velvet 9 tractor nibbles cold zinc"
SHOWN = "Press Enter when you have written it down"


class Typist:
    """An operator at a terminal who answers each question with the next line, and records every line."""

    def __init__(self):
        self.master, self.slave = os.openpty()
        self.terminal = Terminal(self.hear, self.slave)
        self.said, self.lines, self.echo = [], [], []

    def hear(self, text):
        self.said.append(text)
        questions = (prompt.NEW, prompt.NEW_OR_BACK, prompt.AGAIN, prompt.TYPE_BACK, prompt.KNOWN)
        if text in questions or text.startswith(SHOWN):
            self.echo.append(bool(termios.tcgetattr(self.slave)[3] & termios.ECHO))
            line = self.lines.pop(0)
            os.write(self.master, (line() if callable(line) else line).encode())

    @property
    def shown(self):
        """The generated passphrase that was shown last."""
        return next(text.strip() for text in reversed(self.said) if text.startswith("    "))

    def echoed(self):
        """What the terminal itself has written on the screen."""
        return os.read(self.master, 4096) if select.select([self.master], [], [], 0)[0] else b""


@pytest.fixture
def typist(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    typist = Typist()
    yield typist
    os.close(typist.master)
    os.close(typist.slave)


def test_a_good_one_is_typed_twice_and_never_seen(typist):
    typist.lines = [f"{GOOD}\n", f"{GOOD}\n"]
    assert new_passphrase(typist.terminal).reveal() == GOOD
    assert typist.echo == [False, False]
    assert typist.echoed() == b""
    assert GOOD not in "".join(typist.said)
    assert termios.tcgetattr(typist.slave)[3] & termios.ECHO


def test_spaces_at_its_ends_are_part_of_it(typist):
    typist.lines = [f" {GOOD} \n"]
    assert known_passphrase(typist.terminal).reveal() == f" {GOOD} "


def test_a_weak_one_and_two_that_differ_are_asked_for_again_with_the_reason(typist):
    typist.lines = ["short\n", f"{GOOD}\n", "other\n", f"{GOOD}\n", f"{GOOD}\n"]
    assert new_passphrase(typist.terminal, "bg-alice").reveal() == GOOD
    assert any("and it needs at least 20" in text for text in typist.said)
    assert "Invalid: the two passphrases differ. Start again." in typist.said


def test_what_others_know_is_no_passphrase(typist):
    typist.lines = ["night-shift night-shift\n", f"{GOOD}\n", f"{GOOD}\n"]
    new_passphrase(typist.terminal, "night-shift")
    assert any(text.startswith("Invalid: it is easy to guess") for text in typist.said)


def test_a_generated_one_is_shown_once_and_must_be_typed_back(typist):
    typist.lines = ["\n", "\n", "not it\n", lambda: f"{typist.shown}\n"]
    made = new_passphrase(typist.terminal).reveal()
    assert "".join(typist.said).count(made) == 1
    assert prompt.KEEPS_LINES in typist.said
    assert "Invalid: this is not the passphrase. Read your note again." in typist.said
    assert typist.echo == [False, True, False, False]
    assert made.encode() not in typist.echoed()


def test_without_a_note_another_one_can_be_generated(typist):
    typist.lines = ["\n", "\n", "<\n", "\n", "\n", lambda: f"{typist.shown}\n"]
    made = new_passphrase(typist.terminal).reveal()
    assert len({text for text in typist.said if text.startswith("    ")}) == 2
    assert made == typist.shown


def test_in_the_interview_the_operator_can_go_back(typist):
    typist.lines = ["short\n", "<\n"]
    assert new_passphrase_or_back(typist.terminal) is None
    typist.lines = ["\n", "\n", lambda: f"{typist.shown}\n"]
    assert new_passphrase_or_back(typist.terminal).reveal() == typist.shown


def test_the_same_sign_goes_back_at_every_prompt(typist):
    typist.lines = [f"{GOOD}\n", "<\n", "\n", "\n", "<\n", "<\n"]
    assert new_passphrase_or_back(typist.terminal) is None
    assert not any(text.startswith("Invalid") for text in typist.said)


def test_lines_that_were_pasted_too_many_answer_nothing_else(typist):
    typist.lines = [f"{GOOD}\nyes\n", f"{GOOD}\nyes\n"]
    new_passphrase(typist.terminal)
    assert not select.select([typist.slave], [], [], 0)[0]
    assert typist.terminal._rest == b""


def test_what_was_typed_before_the_question_is_no_answer(typist):
    os.write(typist.master, b"typed ahead\n")
    assert select.select([typist.slave], [], [], 10)[0]
    typist.lines = [f"{GOOD}\n"]
    assert known_passphrase(typist.terminal).reveal() == GOOD


def test_an_input_that_ends_leaves_the_terminal_as_it_was(typist):
    typist.lines = ["\x04"]
    with pytest.raises(InputEnded):
        known_passphrase(typist.terminal)
    assert termios.tcgetattr(typist.slave)[3] & termios.ECHO

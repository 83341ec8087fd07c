from __future__ import annotations

import json
import unicodedata

import pytest
from hostile import ALL, HIDING, MARKUP, STEERING, broken_columns, steering
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from breakglass_tui.domain.text import LONGEST, escape_controls, json_text, show

UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
anything = st.text(st.characters(exclude_categories=()), max_size=200)


@given(anything)
def test_no_character_that_controls_a_terminal_passes(text):
    assert not [c for c in show(text) if unicodedata.category(c) in UNSAFE]
    assert not [c for c in escape_controls(text) if c != "\n" and unicodedata.category(c) in UNSAFE]


@given(anything)
def test_a_safe_text_does_not_change_again(text):
    assert show(show(text), 10 * LONGEST) == show(text)
    assert escape_controls(escape_controls(text)) == escape_controls(text)


@given(anything, st.integers(0, 80))
def test_no_text_is_longer_than_its_limit(text, limit):
    assert len(show(text, limit)) <= limit + 1


@given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po", "Zs")), max_size=100))
def test_plain_text_does_not_change(text):
    assert show(text) == text


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_no_hostile_text_controls_the_terminal_hides_or_breaks_a_column(text):
    shown = show(text)
    assert not steering(shown)
    assert not steering(escape_controls(text))
    assert shown.isprintable()
    assert broken_columns([shown], cell_len(shown)) == []


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_markup_of_any_kind_does_not_change(text):
    assert show(text) == escape_controls(text) == text


@pytest.mark.parametrize("name", [*STEERING, *(name for name in HIDING if not name.startswith("very long"))])
def test_an_escaped_text_is_still_visible(name):
    assert show(ALL[name]) != ALL[name]
    assert len(show(ALL[name])) < LONGEST


def test_control_bidi_and_zero_width_characters_are_escaped():
    assert show("a\x1b[31mb\u202ec\u200bd\ud800") == r"a\x1b[31mb\u202ec\u200bd\ud800"


def test_characters_without_a_fixed_width_are_escaped():
    assert show("a\u3164b\ufe0f\U0001f1e9") == r"a\u3164b\ufe0f\U0001f1e9"


def test_long_text_is_cut_with_an_ellipsis():
    assert show("x" * 600) == "x" * 512 + "…"


def test_an_escape_is_never_cut_in_two():
    assert show("x" * 510 + "\x1b[0m") == "x" * 510 + "…"


def test_stacked_marks_are_cut():
    assert len(show("e" + "\u0301" * 50)) == 4


def test_a_combining_mark_without_a_letter_is_escaped():
    assert show("\u0301a") == r"\u0301a"


def test_escape_controls_keeps_line_breaks_and_the_full_length():
    text = "▀▄ █\n" + "x" * 5000 + "\n  é"
    assert escape_controls(text) == text
    assert escape_controls("a\r\n\x1b]0;x\x07") == "a\\r\n\\x1b]0;x\\x07"


@given(st.dictionaries(anything, anything, max_size=3))
def test_a_json_document_is_printable_ascii_with_the_same_content(document):
    text = json_text(document)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == document

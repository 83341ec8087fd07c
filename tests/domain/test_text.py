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
def test_nothing_that_steers_a_terminal_gets_through(text):
    assert not [c for c in show(text) if unicodedata.category(c) in UNSAFE]
    assert not [c for c in escape_controls(text) if c != "\n" and unicodedata.category(c) in UNSAFE]


@given(anything)
def test_what_has_been_made_safe_once_stays_as_it_is(text):
    assert show(show(text), 10 * LONGEST) == show(text)
    assert escape_controls(escape_controls(text)) == escape_controls(text)


@given(anything, st.integers(0, 80))
def test_no_text_takes_more_room_than_it_was_given(text, limit):
    assert len(show(text, limit)) <= limit + 1


@given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po", "Zs")), max_size=100))
def test_plain_text_stays_as_it_is(text):
    assert show(text) == text


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_no_hostile_text_steers_hides_or_breaks_a_column(text):
    shown = show(text)
    assert not steering(shown)
    assert not steering(escape_controls(text))
    assert shown.isprintable()
    assert broken_columns([shown], cell_len(shown)) == []


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_markup_of_any_kind_is_left_as_it_was_written(text):
    assert show(text) == escape_controls(text) == text


@pytest.mark.parametrize("name", [*STEERING, *(name for name in HIDING if not name.startswith("very long"))])
def test_what_was_spelled_out_can_still_be_seen(name):
    assert show(ALL[name]) != ALL[name]
    assert len(show(ALL[name])) < LONGEST


def test_escape_bidi_and_zero_width_characters_are_spelled_out():
    assert show("a\x1b[31mb\u202ec\u200bd\ud800") == r"a\x1b[31mb\u202ec\u200bd\ud800"


def test_what_is_drawn_as_nothing_or_at_any_width_is_spelled_out():
    assert show("a\u3164b\ufe0f\U0001f1e9") == r"a\u3164b\ufe0f\U0001f1e9"


def test_long_text_is_cut_with_an_ellipsis():
    assert show("x" * 600) == "x" * 512 + "…"


def test_an_escape_is_never_cut_in_two():
    assert show("x" * 510 + "\x1b[0m") == "x" * 510 + "…"


def test_stacked_marks_are_cut():
    assert len(show("e" + "\u0301" * 50)) == 4


def test_a_mark_that_has_no_letter_to_sit_on_is_spelled_out():
    assert show("\u0301a") == r"\u0301a"


def test_lines_of_our_own_keep_their_breaks_and_all_of_their_length():
    text = "▀▄ █\n" + "x" * 5000 + "\n  é"
    assert escape_controls(text) == text
    assert escape_controls("a\r\n\x1b]0;x\x07") == "a\\r\n\\x1b]0;x\\x07"


@given(st.dictionaries(anything, anything, max_size=3))
def test_a_document_for_programs_is_printable_ascii_and_says_the_same(document):
    text = json_text(document)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == document

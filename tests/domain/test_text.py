from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain.text import show


@given(st.text(max_size=200))
def test_nothing_that_steers_a_terminal_gets_through(text):
    assert not [c for c in show(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]


@given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po", "Zs")), max_size=100))
def test_plain_text_stays_as_it_is(text):
    assert show(text) == text


def test_escape_bidi_and_zero_width_characters_are_spelled_out():
    assert show("a\x1b[31mb\u202ec\u200bd\ud800") == r"a\x1b[31mb\u202ec\u200bd\ud800"


def test_long_text_is_cut_with_an_ellipsis():
    assert show("x" * 600) == "x" * 512 + "…"


def test_stacked_marks_are_cut():
    assert len(show("e" + "\u0301" * 50)) == 4

"""Words that are too long for a line: they are split where they stay readable, and nothing is lost."""

from __future__ import annotations

import pytest
from textual.content import Content

from breakglass_tui.ui.widgets.paragraphs import wrapped

ARN = "arn:aws:iam::123456789012:user/breakglass/night-shift-20261122-79zgxe"


def test_an_arn_is_split_at_its_separators_and_the_name_stays_whole():
    lines = [line.plain for line in wrapped(Content(f"user {ARN} with id AIDA1"), 38)]
    assert lines == ["user arn:aws:iam::123456789012:user/", "breakglass/night-shift-20261122-79zgxe", "with id AIDA1"]


def test_what_fits_is_wrapped_at_spaces_only():
    assert [line.plain for line in wrapped(Content("a/b c:d\n\ne"), 3)] == ["a/b", "c:d", "", "e"]


@pytest.mark.parametrize("width", [2, 5, 20, 38, 80])
def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost(width):
    text = f"{ARN} 日本語日本語日本語/x:{'y' * 40}\n  of {ARN}"
    lines = wrapped(Content(text), width)
    assert all(line.cell_length <= width for line in lines)
    assert "".join("".join(line.plain for line in lines).split()) == "".join(text.split())

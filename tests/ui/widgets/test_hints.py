"""The line of keys of a dialog."""

from __future__ import annotations

import pytest

from breakglass_tui.ui.widgets.hints import hint


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("esc cancel   y remove", ["esc", "y"]),
        ("esc no   type the digits, then enter", ["esc"]),
        ("esc close   ↑ ↓ PgUp PgDn scroll   G follow   f1 help", ["esc", "↑ ↓ PgUp PgDn", "G", "f1"]),
        ("3 found · space select · esc close", ["space", "esc"]),
        ("r resume   ctrl+r retry   j k other run", ["r", "ctrl+r", "j k"]),
        ("◌ Reading the account…", []),
    ],
)
def test_keys_stand_out_from_what_they_do(line, keys):
    said = hint(line)
    assert said.plain == line
    assert [said.plain[span.start : span.end] for span in said.spans] == keys
    assert {span.style for span in said.spans} <= {"bold $accent"}

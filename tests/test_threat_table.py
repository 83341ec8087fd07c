"""The threat table in SECURITY.md: it is complete, and the tests that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NUMBER_OF_THREATS = 31


def rows():
    """Return the cells of each row of the table."""
    text = (ROOT / "SECURITY.md").read_text()
    found = text.partition("\n## Threats\n")[2].partition("\n## ")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found if line.startswith("| T")]


def test_every_threat_has_a_row_in_order():
    assert [row[0] for row in rows()] == [f"T{number}" for number in range(1, NUMBER_OF_THREATS + 1)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_is_complete_and_its_tests_exist(row):
    _, threat, defence, limit, tests = row
    assert threat
    assert defence.endswith(".")
    assert limit.endswith(".")
    paths = re.findall(r"`(tests/[a-z_/]+\.py)`", tests)
    assert ", ".join(f"`{path}`" for path in paths) == tests
    assert paths
    assert [path for path in paths if "def test_" not in (ROOT / path).read_text()] == []

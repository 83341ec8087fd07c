"""A secret is written to the terminal once for each reveal. Only the countdown is written again."""

from __future__ import annotations

import re
import sys

import pexpect
import pytest
from enrolling import SEED_GROUPS, URI
from reveal_driver import MARK, PASSWORD
from reveal_driver import __file__ as driver

from breakglass_tui.ui.widgets.qr import drawing, matrix_of

STEERING = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
ROW = drawing(matrix_of(URI.reveal()), 4).splitlines()[5].strip()
LIMIT_S = 60


@pytest.fixture
def reveal(tmp_path):
    """Return ``reveal(what, rows)``: what the terminal got while the secret ``what`` was shown, as plain text."""

    def run(what, rows):
        command = [driver, str(tmp_path), what]
        child = pexpect.spawn(
            sys.executable, command, dimensions=(rows, 100), timeout=LIMIT_S, encoding="utf-8", use_poll=True
        )
        child.expect(pexpect.EOF)
        child.close()
        got = child.before
        assert child.exitstatus == 0, got
        return STEERING.sub("", got.partition(MARK.format("before"))[2].partition(MARK.format("after"))[0])

    return run


@pytest.mark.parametrize(
    ("what", "secret"),
    [("password", PASSWORD), ("seed", SEED_GROUPS[0]), ("code", ROW)],
    ids=[
        "password",
        "seed",
        "code",
    ],
)
@pytest.mark.parametrize("rows", [24, 40])
def test_a_reveal_writes_the_secret_once_and_the_countdown_again(reveal, what, secret, rows):
    got = reveal(what, rows)
    assert len(set(re.findall(r"hidden in \d+ s", got))) > 1, "the countdown did not run"
    assert got.count(secret) == 1

"""A crash shows its type and place, and nothing that was in memory, neither on the terminal nor in a file."""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

import pexpect
import pytest

DRIVER = Path(__file__).parents[1] / "support" / "crash_driver.py"
CANARY = "kAnArY~7f3c+Zq/91"
FORMS = (CANARY, CANARY.encode().hex(), base64.b64encode(CANARY.encode()).decode(), "%7E7f3c%2BZq")
LIMIT_S = 60


@pytest.fixture
def crashed():
    """Return a function that runs the program with a failure at a place, and returns its terminal and file output."""

    def _crashed(place, until=pexpect.EOF):
        home = os.environ["HOME"]
        arguments = [str(DRIVER), place, CANARY.encode().hex(), "--demo"]
        child = pexpect.spawn(
            sys.executable,
            arguments,
            cwd=home,
            env=dict(os.environ),
            dimensions=(40, 160),
            timeout=LIMIT_S,
            use_poll=True,
        )
        said = b""
        if until is not pexpect.EOF:
            child.expect_exact(until)
            said = child.before + child.after
            child.sendcontrol("q")
        child.expect(pexpect.EOF)
        child.close()
        files = [path.read_bytes() for path in Path(home).rglob("*") if path.is_file()]
        return child.exitstatus, (said + child.before).decode(), b"".join(files).decode(errors="replace")

    return _crashed


@pytest.mark.parametrize("place", ["handler", "drawn", "worker", "timer", "compose"])
def test_a_crash_of_the_screen(crashed, place):
    code, said, written = crashed(place)
    assert code == 1
    after = said.split("\x1b[?1049l")[-1]
    assert ("ExplodedError" if place == "drawn" else "ValueError") in after
    assert "crash_driver.py:" in after
    assert "crash_driver.py:" in written
    assert not any(form in said + written for form in FORMS)


@pytest.mark.parametrize("place", ["thread", "unraisable", "asyncio"])
def test_what_fails_beside_the_screen_goes_to_the_log(crashed, place):
    code, said, written = crashed(place, until="acme-sandbox")
    assert code == 0, said
    assert "ValueError" in written
    assert "crash_driver.py:" in written
    assert not any(form in said + written for form in FORMS)


@pytest.mark.parametrize("place", ["main", "command"])
def test_a_crash_before_the_screen(crashed, place):
    code, said, written = crashed(place)
    assert code == 1
    assert "ValueError" in said
    assert "crash_driver.py:" in said
    assert not any(form in said + written for form in FORMS)


def test_a_failure_of_the_engine_is_shown_on_the_screen(crashed):
    _, said, written = crashed("engine", until="ValueError")
    assert "crash_driver.py:" in written
    assert not any(form in said + written for form in FORMS)

"""Every secret of a whole session of the app, searched for in every byte that the terminal got."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pexpect
import pytest

SCREEN = str(Path(__file__).parents[1] / "support" / "canary_screen.py")
LIMIT_S = 110
MARKED = re.compile(rb"\x1b\]7770;([a-z]+)\x07")
LEFT = b"\x1b[?1049l"


@pytest.fixture
def walked(place):
    """Run the app on a separate terminal, to its end. Return the exit status and the output between the marks."""

    def _walked(name, end):
        child = pexpect.spawn(
            sys.executable,
            [SCREEN, place.url, name, end],
            cwd=place.root,
            env={**place.environment, "PYTHONDEVMODE": ""},  # it makes drawing three times slower
            dimensions=(36, 120),
            timeout=LIMIT_S,
            use_poll=True,
        )
        child.expect(pexpect.EOF)
        child.close()
        first, *rest = MARKED.split(child.before)
        parts = [("start", first), *((mark.decode(), part) for mark, part in zip(rest[::2], rest[1::2], strict=True))]
        for mark, part in parts:
            # A secret that is shown on request may be visible, but only there.
            if mark != "bare":
                place.say(part, f"{mark}.terminal")
        return child, parts

    return _walked


def test_the_terminal_sees_a_secret_only_while_it_is_revealed(place, walked):
    child, parts = walked("seen-once", "done")
    assert child.exitstatus == 0, parts[-1][1][-2000:]
    bare = [part for mark, part in parts if mark == "bare"]
    assert len(bare) == 3
    kinds = {found.partition(" ")[0] for part in bare for found in place.canaries.found_in(part)}
    assert kinds == {"password", "access-key", "mfa-seed"}
    assert parts[-1][1].count(LEFT) == 1
    assert place.leaks() == {}


@pytest.mark.parametrize("end", ["crash", "kill"])
def test_an_end_with_a_secret_on_the_screen_puts_it_nowhere_else(place, walked, end):
    child, parts = walked(f"ends-by-{end}", end)
    assert place.canaries.found_in(dict(parts)["bare"])
    if end == "kill":
        assert child.signalstatus == 9
    else:
        assert child.exitstatus == 1
        crash = parts[-1][1]
        assert parts[-1][0] == "crashing"
        assert b"RuntimeError" in crash[crash.index(LEFT) :]
    assert place.leaks() == {}

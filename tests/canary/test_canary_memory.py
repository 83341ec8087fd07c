"""After the idle time, no live object of the real process has a secret of the run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect

SCREEN = str(Path(__file__).parents[1] / "support" / "memory_screen.py")
LIMIT_S = 300


def test_after_the_idle_time_no_live_object_has_a_secret(place):
    child = pexpect.spawn(
        sys.executable,
        [SCREEN, place.url, "in-memory"],
        cwd=place.root,
        env={**place.environment, "PYTHONDEVMODE": ""},
        dimensions=(36, 120),
        timeout=LIMIT_S,
        use_poll=True,
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before[-3500:].decode()
    live = json.loads((place.root / "live.json").read_text())
    for step in ("login-profile", "access-key", "mfa-device"):
        assert step in live[f"asked {step}"], "the search finds nothing at all"
    assert live["idle"] == []

"""An opened envelope: in this process with a controlled clock, and on a separate terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.envelope_app import EnvelopeApp

DRIVER = Path(__file__).resolve().parents[2] / "support" / "envelope_driver.py"
PASSWORD = "correct-HORSE-battery-42"
SEED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 2
KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FACTS = (("User", "bg-alice"), ("Sealed to", "[b]age1\x1b[31m"))
SECRETS = (("Password", PASSWORD), ("MFA seed", SEED), ("Secret access key", KEY))
LIMIT_S = 30


@pytest.fixture(autouse=True)
def _not_over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def envelope(hand_clock: Any) -> Callable[..., EnvelopeApp]:
    """Return ``envelope(secrets)``: the app that shows them, on ``hand_clock``."""

    def make(secrets: tuple[tuple[str, str], ...] = SECRETS) -> EnvelopeApp:
        hidden = tuple((label, Secret(text)) for label, text in secrets)
        return EnvelopeApp("bg-alice.password.age", FACTS, hidden, hand_clock)

    return make


@pytest.fixture
def sees(until: Callable[..., Any], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``sees(app, "text", …)``: it waits until all texts are on the screen, wrapped or not."""

    async def wait(app: Any, *texts: str) -> None:
        wanted = ["".join(text.split()) for text in texts]
        await until(lambda: all(text in "".join(screen_text(app).split()) for text in wanted), f"{texts}")

    return wait


@pytest.fixture
def hides(until: Callable[..., Any], screen_text: Callable[..., str]) -> Callable[..., Any]:
    """Return ``hides(app)``: it waits until no secret is on the screen, nor its first group."""

    async def wait(app: Any) -> None:
        await until(lambda: not any(text[:8] in screen_text(app) for _, text in SECRETS), "the mask")
        await until(lambda: "ABCD" not in screen_text(app), "the mask")

    return wait


@pytest.fixture
def terminal() -> Iterator[Callable[..., pexpect.spawn]]:
    """Return ``terminal(clipboard_s=…)``: the same app on a terminal of 80x24, ready for keys."""
    children: list[pexpect.spawn] = []

    def start(*, clipboard_s: float = 1000) -> pexpect.spawn:
        command = [str(DRIVER), str(clipboard_s), PASSWORD, KEY]
        child = pexpect.spawn(
            sys.executable, command, dimensions=(24, 80), timeout=LIMIT_S, encoding="utf-8", use_poll=True
        )
        children.append(child)
        child.expect_exact("Next")
        return child

    yield start
    for child in children:
        if child.isalive():
            child.kill(signal.SIGKILL)
        child.close()

"""Countdown: the time until an authenticator app shows its next code."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from breakglass_tui.secrets.totp import PERIOD_S, seconds_left

CELLS = 15


class Countdown(Static):
    """A bar that gets shorter until an authenticator app shows its next code."""

    def tell(self, now: float) -> None:
        """Draw the bar for the Unix time ``now``, in seconds."""
        left = seconds_left(now)
        full = -(-left * CELLS // PERIOD_S)
        self.update(
            Content.assemble(("▓" * full, "$accent"), ("░" * (CELLS - full), "$secondary"), f" next code in {left} s")
        )

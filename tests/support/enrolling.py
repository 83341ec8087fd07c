"""An enrolment that asks for codes: its user, its seed, and a function that types codes."""

from __future__ import annotations

from textual.widgets import Input

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import otpauth_uri

NAME = "break-glass-20261122-k7qm3x"
SEED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 2
SEED_GROUPS = ("ABCD EFGH IJKL MNOP QRST UVWX YZ23", "4567 ABCD EFGH IJKL MNOP QRST UVWX", "YZ23 4567")
URI = otpauth_uri(Secret(SEED), user_name=NAME, account_id="123456789012")
RIGHT = ("123456", "234567")
REFUSED = "AWS did not accept these codes. [/] Type two codes that follow each other."


async def send(pilot, first, second):
    """Fill in both codes, and press enter in the second field. Another test covers the keys."""
    inputs = list(pilot.app.screen.query(Input))
    inputs[0].value, inputs[1].value = first, second
    inputs[1].focus()
    await pilot.press("enter")

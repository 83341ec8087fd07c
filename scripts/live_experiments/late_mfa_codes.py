"""Experiment: enable an MFA device with old codes, and resynchronize it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breakglass_tui.secrets.totp import PERIOD_S, code_pair
from live_experiments.facts import Fact
from live_experiments.lab import ACCEPTED, REFUSED, Lab, LabDevice, LabUser

AGE_S = 300
"""The age of the codes, in seconds."""


def late_mfa_codes(lab: Lab) -> Iterator[Fact]:
    """Yield as facts whether AWS enables a device with old codes, and whether it must then be resynchronized.

    The documentation says that such a device "becomes out of sync" (IAM API, EnableMFADevice).
    """
    user = lab.user()
    as_user, device = lab.key(user), lab.device()
    found = lab.outcome(lambda: lab.enable(user, device, code_pair(device.seed, lab.now() - AGE_S)))
    text = f"EnableMFADevice accepts codes that are {AGE_S} seconds old."
    yield lab.fact(text, expected=ACCEPTED, found=found, holds=found == ACCEPTED)
    out_of_sync = "Such a device is out of sync: AWS refuses its current code."
    back = "ResyncMFADevice accepts two current codes, and then AWS accepts the device."
    if found != ACCEPTED:
        for text, expected in ((out_of_sync, REFUSED), (back, ACCEPTED)):
            yield lab.not_shown(text, expected=expected, why="the device was not enabled")
        return
    found = lab.outcome(lambda: lab.session(as_user, device, code_pair(device.seed, lab.now())[1]))
    yield lab.fact(out_of_sync, expected=REFUSED, found=found, holds=found.startswith(REFUSED))
    if lab.live:
        # AWS may count a refused code as used. After two periods, both codes of the next pair are new.
        lab.context.wait(2 * PERIOD_S)
    found = lab.outcome(lambda: _resynchronize(lab, user, device))
    if found == ACCEPTED:
        found = lab.outcome(lambda: lab.session(as_user, device, lab.next_code(device.seed)))
    yield lab.fact(back, expected=ACCEPTED, found=found, holds=found == ACCEPTED)


def _resynchronize(lab: Lab, user: LabUser, device: LabDevice) -> None:
    first, second = code_pair(device.seed, lab.now())
    pair: dict[str, Any] = {"AuthenticationCode1": first, "AuthenticationCode2": second}
    lab.api.call("iam:ResyncMFADevice", UserName=user.name, SerialNumber=device.serial, **pair)

"""Experiment: TOTP codes of the previous, the current and the next period."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.secrets.totp import code_pair
from live_experiments.facts import Fact
from live_experiments.lab import ACCEPTED, REFUSED, Lab


def mfa_codes_ahead(lab: Lab) -> Iterator[Fact]:
    """Yield as facts whether AWS accepts codes of the previous and the next period, and a code twice.

    The program uses such codes to save the wait for a period. RFC 6238, section 5.2, recommends to accept a code one
    period earlier or later. AWS publishes no number.
    """
    user = lab.user()
    as_user, device = lab.key(user), lab.device()
    found = lab.outcome(lambda: lab.enable(user, device, code_pair(device.seed, lab.now())))
    text = "EnableMFADevice accepts the codes of the previous and the current period."
    yield lab.fact(text, expected=ACCEPTED, found=found, holds=found == ACCEPTED)
    code = lab.next_code(device.seed)
    found = lab.outcome(lambda: lab.session(as_user, device, code))
    text = "GetSessionToken accepts the code of the next period."
    yield lab.fact(text, expected=ACCEPTED, found=found, holds=found == ACCEPTED)
    found = lab.outcome(lambda: lab.session(as_user, device, code))
    text = "GetSessionToken accepts no code a second time."
    yield lab.fact(text, expected=REFUSED, found=found, holds=found.startswith(REFUSED))

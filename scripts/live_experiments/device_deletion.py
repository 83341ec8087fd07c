"""Experiment: DeleteVirtualMFADevice right after DeactivateMFADevice."""

from __future__ import annotations

from collections.abc import Iterator

from live_experiments.facts import Fact
from live_experiments.lab import ACCEPTED, Lab, LabUser

ROUNDS = 3


def device_deletion(lab: Lab) -> Iterator[Fact]:
    """Yield as a fact whether AWS deletes an MFA device right after it was deactivated.

    The undo of the program does that.
    """
    user = lab.user()
    outcomes = [_deleted_at_once(lab, user) for _ in range(ROUNDS)]
    text = "A device can be deleted right after it was deactivated."
    found = ", ".join(outcomes)
    yield lab.fact(text, expected=ACCEPTED, found=found, holds={ACCEPTED} == set(outcomes), needs_aws=True)


def _deleted_at_once(lab: Lab, user: LabUser) -> str:
    serial = lab.enabled_device(user).serial
    lab.api.call("iam:DeactivateMFADevice", UserName=user.name, SerialNumber=serial)
    return lab.outcome(lambda: lab.api.call("iam:DeleteVirtualMFADevice", SerialNumber=serial))

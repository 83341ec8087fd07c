"""The MFA devices of the user, from ListMFADevices."""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.iam_user import list_of_user, wait_until_present
from breakglass_tui.engine.cloud import Subject


def device_expected(subject: Subject) -> bool:
    """Return whether a device was requested or enrolled."""
    return bool(subject.mfa_serial) or (subject.request is not None and subject.request.mfa != "none")


def read_devices(api: Api, subject: Subject) -> list[str] | None:
    """Return the serial numbers, or None if there is no such user. Waits for a device that this run enrolled."""
    answers: list[list[str] | None] = []

    def present() -> bool:
        devices = list_of_user(api, "iam:ListMFADevices", "MFADevices", subject)
        answers.append(None if devices is None else [str(device["SerialNumber"]) for device in devices])
        return _complete(subject, answers[-1])

    wait_until_present(api.context, subject, present)
    return answers[-1]


def _complete(subject: Subject, serials: list[str] | None) -> bool:
    if serials is None:
        return False
    if subject.mfa_serial:
        return subject.mfa_serial in serials
    return bool(serials) or not device_expected(subject)

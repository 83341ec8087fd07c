"""The MFA devices of the user, as ListMFADevices tells them."""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import listed, settled
from breakglass_tui.engine.cloud import Subject


def device_expected(subject: Subject) -> bool:
    """Whether a device was asked for or enrolled."""
    return bool(subject.mfa_serial) or (subject.request is not None and subject.request.mfa != "none")


def read_devices(api: Api, subject: Subject) -> list[str] | None:
    """The serial numbers, or None when there is no such user. Waits for one that this run has enrolled."""
    answers: list[list[str] | None] = []

    def there() -> bool:
        devices = listed(api, "iam:ListMFADevices", "MFADevices", subject)
        answers.append(None if devices is None else [str(device["SerialNumber"]) for device in devices])
        return _complete(subject, answers[-1])

    settled(api.context, subject, there)
    return answers[-1]


def _complete(subject: Subject, serials: list[str] | None) -> bool:
    if serials is None:
        return False
    if subject.mfa_serial:
        return subject.mfa_serial in serials
    return bool(serials) or not device_expected(subject)

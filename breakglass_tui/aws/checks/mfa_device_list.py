"""The user's MFA devices, as ListMFADevices returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.iam_user import list_of_user, wait_until_present
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject


def device_expected(subject: Subject) -> bool:
    """Return whether the user must have an MFA device: one was requested, or the run enrolled one."""
    return bool(subject.mfa_serial) or (subject.request is not None and subject.request.mfa != "none")


@dataclass(frozen=True, slots=True)
class MfaDeviceRead:
    """An MFA device from ListMFADevices. ``enabled_at`` is its EnableDate."""

    serial: str
    enabled_at: datetime | None = None

    def __str__(self) -> str:
        return show(self.serial)


def read_devices(api: Api, subject: Subject) -> list[MfaDeviceRead] | None:
    """Return the MFA devices, or None if the user does not exist. Waits for a device that this process enrolled."""
    answers: list[list[MfaDeviceRead] | None] = []

    def present() -> bool:
        devices = list_of_user(api, "iam:ListMFADevices", "MFADevices", subject)
        answers.append(None if devices is None else [_device(device) for device in devices])
        return _complete(subject, answers[-1])

    wait_until_present(api.context, subject, present)
    return answers[-1]


def _device(found: Mapping[str, Any]) -> MfaDeviceRead:
    return MfaDeviceRead(str(found["SerialNumber"]), found.get("EnableDate"))


def _complete(subject: Subject, devices: list[MfaDeviceRead] | None) -> bool:
    if devices is None:
        return False
    if subject.mfa_serial:
        return subject.mfa_serial in {device.serial for device in devices}
    return bool(devices) or not device_expected(subject)

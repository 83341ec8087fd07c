"""The virtual MFA devices of the simulated IAM: real seeds, which are returned once, and real codes."""

from __future__ import annotations

import io
from typing import Any

import segno
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import VirtualMfaDevice

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, conflict, exists, missing, over_quota
from breakglass_tui.demo.overlay.iam_base import IamBase, check_name
from breakglass_tui.demo.overlay.iam_users import check_tags
from breakglass_tui.demo.overlay.totp_check import accept_pair

DEVICES_PER_USER = 8
DEVICE_NAME_LIMIT = 226
"""The maximum length of a device name: 256 characters of a serial number, less 30 of the ARN prefix."""


class IamMfaDevices(IamBase):
    """The MFA operations of IAM, stricter than in moto, and those that moto does not have."""

    def create_virtual_mfa_device(self) -> ActionResult:
        """Create a device. Only this operation returns the seed and its QR code. Tags need iam:TagMFADevice too.

        Source: IAM User Guide, "Tags for IAM resources".
        """
        name, tags = self._get_param("VirtualMFADeviceName"), self._get_param("Tags", [])
        if tags:
            self.require_permission("iam:TagMFADevice", self.resource())
        check_name("virtualMFADeviceName", name, DEVICE_NAME_LIMIT)
        check_tags(tags)
        device = self.backend.create_virtual_mfa_device(name, self._get_param("Path"))
        self.world.device_tags[device.serial_number] = {tag["Key"]: tag["Value"] for tag in tags}
        uri = f"otpauth://totp/{name}@{self.world.account_id}?secret={device.base32_string_seed}"
        picture = io.BytesIO()
        segno.make(uri, micro=False).save(picture, kind="png", scale=4)
        shown = {
            "SerialNumber": device.serial_number,
            "Base32StringSeed": device.base32_string_seed,
            "QRCodePNG": picture.getvalue(),
            "Tags": tags,
        }
        return ActionResult({"VirtualMFADevice": shown})

    def list_virtual_mfa_devices(self) -> ActionResult:
        """Return one page of virtual devices with serial numbers and owners, but without seeds."""
        status = self._get_param("AssignmentStatus", "Any")
        devices = [
            _listed(device)
            for device in self.backend.virtual_mfa_devices.values()
            if status == "Any" or (status == "Assigned") == bool(device.user)
        ]
        return self.paged(ActionResult({"VirtualMFADevices": devices}), "VirtualMFADevices")

    def enable_mfa_device(self) -> ActionResult:
        """Assign a free device to a user. Late codes are accepted and leave the device out of sync."""
        user, device = self.user(), self._device()
        if device.user:
            raise exists("MFADevice entity at the same path and name")
        if len(user.mfa_devices) >= DEVICES_PER_USER:
            raise over_quota("MfaDevicesPerUser", DEVICES_PER_USER)
        self._accept_pair(device)
        return super().enable_mfa_device()

    def resync_mfa_device(self) -> ActionResult:
        """Accept two consecutive codes of a device. If they are current, the device is in sync again."""
        self._accept_pair(self._own_device())
        return EmptyResult()

    def get_mfa_device(self) -> ActionResult:
        """Return the owner and the enable date of a device."""
        device = self._device()
        if self._get_param("UserName"):
            self._own_device()
        owner = device.user.name if device.user else None
        return ActionResult({"SerialNumber": device.serial_number, "UserName": owner, "EnableDate": device.enable_date})

    def deactivate_mfa_device(self) -> ActionResult:
        """Remove a device from its user."""
        self._own_device()
        return super().deactivate_mfa_device()

    def delete_virtual_mfa_device(self) -> ActionResult:
        """Delete a device that belongs to no user."""
        device = self._device()
        if device.user:
            raise conflict("deactivate MFA device")
        self.world.device_tags.pop(device.serial_number, None)
        # A new device with this name has another seed, and none of its codes is used.
        self.world.used_periods.pop(device.serial_number, None)
        self.world.out_of_sync.discard(device.serial_number)
        return super().delete_virtual_mfa_device()

    def list_mfa_device_tags(self) -> ActionResult:
        """Return one page of the tags of a device."""
        tags = self.world.device_tags[self._device().serial_number]
        return self.paged(ActionResult({"Tags": [{"Key": key, "Value": tags[key]} for key in tags]}), "Tags")

    def tag_mfa_device(self) -> ActionResult:
        """Add tags to a device, or replace those with the same keys."""
        tags = self._get_param("Tags", [])
        check_tags(tags)
        self.world.device_tags[self._device().serial_number] |= {tag["Key"]: tag["Value"] for tag in tags}
        return EmptyResult()

    def _device(self) -> VirtualMfaDevice:
        serial = self._get_param("SerialNumber")
        device = self.backend.virtual_mfa_devices.get(serial)
        if device is None:
            raise missing(f"VirtualMFADevice with serial number {serial}")
        return device

    def _own_device(self) -> VirtualMfaDevice:
        device, user = self._device(), self.user()
        if device.user is not user:
            raise missing(f"MFA device {device.serial_number} of user {user.name}")
        return device

    def _accept_pair(self, device: VirtualMfaDevice) -> None:
        codes = (self._get_param("AuthenticationCode1"), self._get_param("AuthenticationCode2"))
        if not all(code.isascii() and code.isdigit() and len(code) == 6 for code in codes):
            raise ApiRefusal(
                "ValidationError",
                "1 validation error detected: Value at 'authenticationCode1' failed to satisfy constraint: "
                r"Member must satisfy regular expression pattern: [\d]+",
            )
        accept_pair(self.world, device, codes)


def _listed(device: VirtualMfaDevice) -> dict[str, Any]:
    listed: dict[str, Any] = {"SerialNumber": device.serial_number}
    if device.user:
        listed |= {"User": device.user_attribute, "EnableDate": device.enable_date}
    return listed

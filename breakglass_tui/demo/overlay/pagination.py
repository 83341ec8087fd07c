"""Lists in pages, where moto answers everything at once."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.iam_base import IamBase


class IamPagination(IamBase):
    """Each list honours MaxItems and Marker."""

    def list_users(self) -> ActionResult:
        """A page of users."""
        return self.paged(super().list_users(), "Users")

    def list_groups(self) -> ActionResult:
        """A page of groups."""
        return self.paged(super().list_groups(), "Groups")

    def get_group(self) -> ActionResult:
        """A group and a page of its users."""
        return self.paged(super().get_group(), "Users")

    def list_groups_for_user(self) -> ActionResult:
        """A page of a user's groups."""
        return self.paged(super().list_groups_for_user(), "Groups")

    def list_user_policies(self) -> ActionResult:
        """A page of the names of a user's inline policies."""
        return self.paged(super().list_user_policies(), "PolicyNames")

    def list_user_tags(self) -> ActionResult:
        """A page of a user's tags."""
        return self.paged(super().list_user_tags(), "Tags")

    def list_mfa_devices(self) -> ActionResult:
        """A page of a user's MFA devices."""
        user = self.user()
        devices = [
            {"UserName": user.name, "SerialNumber": device.serial_number, "EnableDate": device.enable_date}
            for device in user.mfa_devices.values()
        ]
        return self.paged(ActionResult({"MFADevices": devices}), "MFADevices")

"""The list operations of the simulated IAM in pages. moto returns all items at once."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.iam_base import IamBase


class IamPagination(IamBase):
    """The list operations of IAM with MaxItems and Marker."""

    def list_users(self) -> ActionResult:
        """Return one page of users."""
        return self.paged(super().list_users(), "Users")

    def list_groups(self) -> ActionResult:
        """Return one page of groups."""
        return self.paged(super().list_groups(), "Groups")

    def get_group(self) -> ActionResult:
        """Return a group and one page of its users."""
        return self.paged(super().get_group(), "Users")

    def list_groups_for_user(self) -> ActionResult:
        """Return one page of the groups of a user."""
        return self.paged(super().list_groups_for_user(), "Groups")

    def list_user_policies(self) -> ActionResult:
        """Return one page of the names of a user's inline policies."""
        return self.paged(super().list_user_policies(), "PolicyNames")

    def list_user_tags(self) -> ActionResult:
        """Return one page of the tags of a user."""
        return self.paged(super().list_user_tags(), "Tags")

    def list_mfa_devices(self) -> ActionResult:
        """Return one page of the MFA devices of a user."""
        user = self.user()
        devices = [
            {"UserName": user.name, "SerialNumber": device.serial_number, "EnableDate": device.enable_date}
            for device in user.mfa_devices.values()
        ]
        return self.paged(ActionResult({"MFADevices": devices}), "MFADevices")

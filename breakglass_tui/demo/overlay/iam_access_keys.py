"""The access key operations of the simulated IAM: at most two keys per user, Active or Inactive."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, missing, over_quota
from breakglass_tui.demo.overlay.iam_base import IamBase

KEYS_PER_USER = 2


class IamAccessKeys(IamBase):
    """The access key operations of IAM. (``World.caller`` refuses calls that an inactive key has signed.)"""

    def resource(self) -> str:
        """Return the ARN of the owner for GetAccessKeyLastUsed (Service Authorization Reference, IAM)."""
        if self._get_action() == "GetAccessKeyLastUsed":
            key = self._get_param("AccessKeyId")
            return next((user.arn for user in self.backend.users.values() if user.has_access_key(key)), "*")
        return super().resource()

    def create_access_key(self) -> ActionResult:
        """Create an access key. Inactive keys also count towards the quota."""
        user = self.user()
        if len(user.access_keys) >= KEYS_PER_USER:
            raise over_quota("AccessKeysPerUser", KEYS_PER_USER)
        return ActionResult({"AccessKey": self.backend.create_access_key(user.name)})

    def list_access_keys(self) -> ActionResult:
        """Return one page of the access keys of the named user, or of the caller if none is named."""
        user = self.user()
        answer = ActionResult({"UserName": user.name, "AccessKeyMetadata": user.access_keys})
        return self.paged(answer, "AccessKeyMetadata")

    def update_access_key(self) -> ActionResult:
        """Set the status of an access key, which must be Active or Inactive."""
        self._own_key()
        if self._get_param("Status") not in ("Active", "Inactive"):
            raise ApiRefusal(
                "ValidationError",
                "1 validation error detected: Value at 'status' failed to satisfy constraint: "
                "Member must satisfy enum value set: [Active, Inactive]",
            )
        return super().update_access_key()

    def delete_access_key(self) -> ActionResult:
        """Delete an access key of the named user, or of the caller if none is named."""
        self._own_key()
        return super().delete_access_key()

    def _own_key(self) -> None:
        key = self._get_param("AccessKeyId")
        if not self.user().has_access_key(key):
            raise missing(f"The Access Key with id {key}")

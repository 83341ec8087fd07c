"""The group operations of the simulated IAM: names, the quota per user, and conditions for deletion."""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam.models import Group

from breakglass_tui.demo.overlay.api_errors import conflict, exists, missing, over_quota
from breakglass_tui.demo.overlay.iam_base import IamBase, check_name, check_path
from breakglass_tui.demo.overlay.principals import groups_of

GROUP_NAME_LIMIT = 128
GROUPS_PER_USER = 10


class IamGroups(IamBase):
    """The group operations of IAM that are less strict in moto than in AWS."""

    def group(self) -> Group:
        """Return the group that the call names. Raises ``ApiRefusal`` if it does not exist."""
        name = self._get_param("GroupName")
        if name not in self.backend.groups:
            raise missing(f"The group with name {name}")
        return self.backend.groups[name]

    def create_group(self) -> ActionResult:
        """Create a group. Its name must be valid, and unique regardless of case."""
        name = self._get_param("GroupName")
        check_name("groupName", name, GROUP_NAME_LIMIT)
        check_path(self._get_param("Path"))
        if any(name.lower() == other.lower() for other in self.backend.groups):
            raise exists(f"Group with name {name}")
        answer = super().create_group()
        self.backend.groups[name].id = self.new_id("AGPA")
        return answer

    def add_user_to_group(self) -> ActionResult:
        """Add a user to a group. A user can be in at most ten groups. A second addition is not an error."""
        group, user = self.group(), self.user()
        if user not in group.users and len(groups_of(self.backend, user)) >= GROUPS_PER_USER:
            raise over_quota("GroupsPerUser", GROUPS_PER_USER)
        return super().add_user_to_group()

    def delete_group(self) -> ActionResult:
        """Delete a group, which must have no members and no policies."""
        group = self.group()
        if group.users:
            raise conflict("remove users from group")
        if group.managed_policies:
            raise conflict("detach all policies")
        if group.policies:
            raise conflict("delete policies")
        return super().delete_group()

"""The user operations of the simulated IAM: names, paths, tags, ids, and conditions for deletion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from moto.core.responses import ActionResult
from moto.iam.models import User

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, conflict, exists, over_quota, too_long
from breakglass_tui.demo.overlay.iam_base import IamBase, check_name, check_path
from breakglass_tui.demo.overlay.principals import groups_of

USER_NAME_LIMIT = 64
TAG_LIMIT = 50
_TAG = re.compile(r"[^\W_]|[ _.:/=+@-]")


class IamUsers(IamBase):
    """The user operations of IAM that are less strict in moto than in AWS."""

    def create_user(self) -> ActionResult:
        """Create a user. Its name must be valid, and unique regardless of case. Tags need iam:TagUser too.

        Source: IAM User Guide, "Tags for IAM resources".
        """
        name = self._get_param("UserName")
        if self._get_param("Tags"):
            self.require_permission("iam:TagUser", self.resource())
        check_name("userName", name, USER_NAME_LIMIT)
        check_path(self._get_param("Path"))
        check_tags(self._get_param("Tags", []))
        if any(name.lower() == other.lower() for other in self.backend.users):
            raise exists(f"User with name {name}")
        answer = super().create_user()
        self.backend.users[name].id = self.new_id("AIDA")
        return answer

    def get_user(self) -> ActionResult:
        """Return the named user, or the caller if none is named."""
        return ActionResult({"User": self.user()})

    def update_user(self) -> ActionResult:
        """Change the name or the path of a user. The rules for new users apply."""
        user, name = self.user(), self._get_param("NewUserName")
        check_path(self._get_param("NewPath"))
        if name:
            check_name("newUserName", name, USER_NAME_LIMIT)
            if any(name.lower() == other.lower() for other in self.backend.users if other != user.name):
                raise exists(f"User with name {name}")
        return super().update_user()

    def tag_user(self) -> ActionResult:
        """Add tags to a user, who can have at most 50."""
        tags = self._get_param("Tags", [])
        check_tags(tags)
        keys = {tag["Key"].lower() for tag in [*(self.user().tags or []), *tags]}
        if len(keys) > TAG_LIMIT:
            raise over_quota("TagsPerUser", TAG_LIMIT)
        return super().tag_user()

    def delete_user(self) -> ActionResult:
        """Delete a user that has no other resources (IAM API: DeleteUser)."""
        user = self.user()
        for obstacle, what in self._obstacles(user):
            if obstacle:
                raise conflict(what)
        answer = super().delete_user()
        for role in self.backend.roles.values():
            # As in AWS: the trust policy keeps the unique id, so a new user with this name is not trusted.
            role.assume_role_policy_document = role.assume_role_policy_document.replace(f'"{user.arn}"', f'"{user.id}"')
        return answer

    def _obstacles(self, user: User) -> Iterable[tuple[bool, str]]:
        yield bool(user.password), "delete login profile"
        yield bool(user.access_keys), "delete access keys"
        yield bool(user.mfa_devices), "delete MFA device"
        yield bool(groups_of(self.backend, user)), "remove users from group"
        yield bool(user.managed_policies), "detach all policies"
        yield bool(user.policies), "delete policies"
        yield bool(user.ssh_public_keys), "delete SSH public keys"
        yield bool(user.signing_certificates), "delete signing certificates"


def check_tags(tags: list[Mapping[str, str]]) -> None:
    """Raise ``ApiRefusal`` if the tags are not valid.

    Keys have 1-128 and values 0-256 characters: letters, digits, spaces and ``_ . : / = + - @``. Each key occurs once.
    """
    if len(tags) > TAG_LIMIT:
        raise too_long("tags", TAG_LIMIT)
    if len({tag["Key"].lower() for tag in tags}) < len(tags):
        raise ApiRefusal("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise ApiRefusal("InvalidInput", "aws: prefixed tag key names are not allowed for external use.")
        _check_tag_text("key", tag["Key"], 128)
        _check_tag_text("value", tag["Value"], 256)


def _check_tag_text(part: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise too_long(f"tags.1.member.{part}", limit)
    if not all(_TAG.fullmatch(character) for character in text) or (part == "key" and not text):
        raise ApiRefusal(
            "ValidationError",
            f"1 validation error detected: Value '{text}' at 'tags.1.member.{part}' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+",
        )

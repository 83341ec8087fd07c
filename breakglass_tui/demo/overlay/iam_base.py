"""The base class of the mixins of the simulated IAM."""

from __future__ import annotations

import re

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend, User
from moto.iam.responses import IamResponse
from moto.iam.utils import generate_access_key_id_from_account_id

from breakglass_tui.demo.overlay.api_errors import invalid, missing, too_long
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
_PATH = re.compile(r"/|/[!-~]*/")

CALLS_ON_THE_CALLER = frozenset(
    {
        "ChangePassword",
        "CreateAccessKey",
        "CreateLoginProfile",
        "DeactivateMFADevice",
        "DeleteAccessKey",
        "DeleteLoginProfile",
        "GetLoginProfile",
        "GetUser",
        "ListAccessKeys",
        "ListMFADevices",
        "UpdateAccessKey",
    }
)
"""The operations that act on the calling user if they name no user (IAM API, UserName)."""
CALLS_ON_A_GROUP = frozenset({"AddUserToGroup", "RemoveUserFromGroup"})
"""The operations that name a user and act on a group (Service Authorization Reference, IAM)."""


class IamBase(AuthorizedRequests, IamResponse):
    """IAM requests with an authenticated caller. It has the checks that several IAM operations share."""

    @property
    def backend(self) -> IAMBackend:
        """The state of IAM in moto, for this account."""
        return self.world.iam

    def resource(self) -> str:
        """Return the ARN of the user, role, group, policy or device that the call acts on."""
        iam, prefix = self.backend, f"arn:aws:iam::{self.world.account_id}:"
        name = self._get_param("UserName")
        if name and self._get_action() not in CALLS_ON_A_GROUP:
            return iam.users[name].arn if name in iam.users else f"{prefix}user{self._get_param('Path') or '/'}{name}"
        if name := self._get_param("RoleName"):
            known = next((role.arn for role in iam.roles.values() if role.name == name), None)
            return known or f"{prefix}role{self._get_param('Path') or '/'}{name}"
        if name := self._get_param("GroupName"):
            return iam.groups[name].arn if name in iam.groups else f"{prefix}group/{name}"
        if name := self._get_param("VirtualMFADeviceName"):
            return f"{prefix}mfa/{name}"
        if self._get_action() in CALLS_ON_THE_CALLER and isinstance(self.caller.identity, User):
            return self.caller.identity.arn
        return str(self._get_param("PolicyArn") or self._get_param("SerialNumber") or "*")

    def user(self) -> User:
        """Return the user that the call names, or the caller if it names none.

        Raises ``ApiRefusal`` if it does not exist.
        """
        name = self._get_param("UserName") or self.caller.identity.name
        if name not in self.backend.users:
            raise missing(f"The user with name {name}")
        return self.backend.users[name]

    def new_id(self, prefix: str) -> str:
        """Return a new unique id of 21 characters, as IAM makes them. ``prefix`` is for example AIDA for a user."""
        return generate_access_key_id_from_account_id(self.world.account_id, prefix, 21)

    def paged(self, answer: ActionResult, key: str) -> ActionResult:
        """Return ``answer`` with one page of its list ``key``, by MaxItems (default 100) and Marker."""
        result = dict(answer.result)  # type: ignore[call-overload]
        items = list(result[key])
        start, size = int(self._get_param("Marker", "0")), int(self._get_param("MaxItems", 100))
        rest = start + size < len(items)
        result |= {key: items[start : start + size], "IsTruncated": rest, "Marker": str(start + size) if rest else None}
        return ActionResult(result)


def check_name(field: str, value: str, limit: int) -> None:
    """Raise ``ApiRefusal`` for an invalid IAM name, or one with more than ``limit`` characters."""
    if len(value) > limit:
        raise too_long(field, limit)
    if not _NAME.fullmatch(value):
        raise invalid(field, "It must contain only alphanumeric characters and/or the following: +=,.@_-")


def check_path(value: str | None) -> None:
    """Raise ``ApiRefusal`` if ``value`` is not a valid IAM path."""
    if value and len(value) > 512:
        raise too_long("path", 512)
    if value and not _PATH.fullmatch(value):
        raise invalid("path", "It must begin and end with / and contain only alphanumeric characters and/or /")

"""The entries of the picker dialogs, and which parts of the account are not read yet."""

from __future__ import annotations

from breakglass_tui.domain.account import Account, Group, KmsKey, Region, Role
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.dialogs.picker import PickItem

NONE = PickItem("", "none")
PARTS = {
    "regions": "Regions",
    "admin_policy": "AdministratorAccess",
    "password_policy": "password policy",
    "users": "users",
    "groups": "groups",
    "roles": "roles",
    "keys": "KMS keys",
}


def region_item(region: Region) -> PickItem:
    """Return the picker entry of a Region. A Region that is not enabled cannot be selected."""
    obstacle = "" if region.enabled else f"{region.description}: not enabled ({region.opt_in})".lstrip(": ")
    detail = f"{region.description} · not verified" if region.opt_in == "unverified" else region.description
    return PickItem(region.name, region.name, detail or region.opt_in, obstacle)


def key_items(keys: tuple[KmsKey, ...]) -> tuple[PickItem, ...]:
    """Return the picker entries for the KMS key: "none", the keys that can seal, then the keys that cannot."""
    ordered = sorted(keys, key=lambda key: (bool(key.obstacle), not key.aliases, key.label))
    return (NONE, *(PickItem(key.label, key.label, key.description, key.obstacle) for key in ordered))


def group_item(group: Group) -> PickItem:
    """Return the picker entry of a group. It shows the path of the group, unless that is ``/``."""
    path = group.arn.rpartition(":group")[2].removesuffix(group.name)
    return PickItem(group.name, group.name, "" if path in ("", "/") else f"in {path}")


def role_items(roles: tuple[Role, ...]) -> tuple[PickItem, ...]:
    """Return the picker entries for the role: "none", the roles that can be selected, then the protected roles."""
    ordered = sorted(roles, key=lambda role: bool(role.obstacle))
    return (NONE, *(PickItem(one.arn, one.name, one.description or one.arn, one.obstacle) for one in ordered))


def is_missing(account: Account | None) -> bool:
    """Return whether reading the account has finished, but parts of it could not be read."""
    if account is None or not account.complete:
        return False
    parts = [getattr(account, part) for part in PARTS]
    return any(isinstance(part, Problem) or getattr(part, "problem", None) is not None for part in parts)


def unread(account: Account | None, region: str) -> tuple[str, ...]:
    """Return the names of the parts of the account that are still being read.

    This includes the KMS keys of ``region``, if the keys of another Region were read.
    """
    if account is None:
        return tuple(PARTS.values())
    missing = [name for part, name in PARTS.items() if getattr(account, part) is None]
    if not missing and region and account.region != region:
        missing = [f"KMS keys of {region}"]
    return tuple(missing)

"""The initial contents of the simulated account."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from moto.iam.utils import generate_access_key_id_from_account_id

from breakglass_tui.demo.kms_seed import add_keys
from breakglass_tui.demo.managed_policies import add_managed_policies, attach
from breakglass_tui.demo.notification_seed import add_notifications
from breakglass_tui.demo.overlay.password_age import age_password, set_password
from breakglass_tui.demo.role_seed import add_roles
from breakglass_tui.demo.world import PARTITION, World

ALIAS = "acme-sandbox"
OPERATOR = "ops-admin"

GROUPS: Mapping[str, str] = {
    "emergency": "",
    "auditors": "SecurityAudit",
    "billing": "Billing",
    "data-engineering": "PowerUserAccess",
    "database-admins": "PowerUserAccess",
    "developers": "PowerUserAccess",
    "finance-read-only": "ViewOnlyAccess",
    "incident-response": "ReadOnlyAccess",
    "network-admins": "PowerUserAccess",
    "platform-team": "AdministratorAccess",
    "security-operations": "SecurityAudit",
    "support": "ViewOnlyAccess",
}
"""Maps the name of each group to the AWS managed policy attached to it, or ""."""

USERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    OPERATOR: ("/", ("platform-team",)),
    "Bg-Alice": ("/breakglass/", ()),
    "alice": ("/", ("developers", "incident-response")),
    "bob": ("/", ("developers",)),
    "carol": ("/", ("billing", "finance-read-only")),
    "ci-deployer": ("/service/", ()),
    "dave": ("/", ("auditors",)),
    "terraform": ("/service/", ("network-admins",)),
}
"""Maps the name of each user to its path and its groups."""

PASSWORD_AGES: Mapping[str, int] = {"carol": 200}
"""Maps each user with a console password to its age in days, which is more than most expiry rules allow."""


def seeded_world(account_id: str, access_key_id: str, secret_access_key: str) -> World:
    """Return the initial state of a simulated account. The given access key belongs to the user ops-admin."""
    world = World(account_id)
    world.iam.account_aliases = [ALIAS]
    add_managed_policies(world)
    _add_groups(world)
    _add_users(world)
    add_roles(world)
    add_keys(world)
    _set_operator_key(world, access_key_id, secret_access_key)
    add_notifications(world)
    world.iam.update_account_password_policy(
        allow_change_password=True,
        hard_expiry=False,
        max_password_age=0,
        minimum_password_length=14,
        password_reuse_prevention=24,
        require_lowercase_characters=True,
        require_numbers=True,
        require_symbols=True,
        require_uppercase_characters=True,
    )
    return world


def _add_groups(world: World) -> None:
    for name, policy in GROUPS.items():
        group = world.iam.create_group(name)
        group.id = _id(world, "AGPA")
        if policy:
            attach(world.iam, policy, group)


def _add_users(world: World) -> None:
    for name, (path, groups) in USERS.items():
        user = world.iam.create_user(PARTITION, name, path)
        user.id = _id(world, "AIDA")
        for group in groups:
            world.iam.add_user_to_group(group, name)
    for name, days in PASSWORD_AGES.items():
        set_password(world, world.iam.users[name], secrets.token_urlsafe())
        age_password(world, name, days)


def _set_operator_key(world: World, access_key_id: str, secret_access_key: str) -> None:
    key = world.iam.create_access_key(OPERATOR)
    del world.iam.access_keys[key.access_key_id]
    key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
    world.iam.access_keys[access_key_id] = key


def _id(world: World, prefix: str) -> str:
    return generate_access_key_id_from_account_id(world.account_id, prefix, 21)

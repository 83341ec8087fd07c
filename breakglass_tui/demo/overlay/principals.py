"""The users, roles and groups of moto, and their policies."""

from __future__ import annotations

import json

from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User

from breakglass_tui.demo.overlay.evaluation import PolicySource


def sources_of(iam: IAMBackend, identity: User | Role | Group) -> tuple[PolicySource, ...]:
    """Return the identity policies of ``identity``. Those of a user include the policies of its groups."""
    kind = type(identity).__name__.lower()
    found = [PolicySource(name, kind, json.loads(text)) for name, text in identity.policies.items()]
    found += [_managed(policy) for policy in identity.managed_policies.values()]
    if isinstance(identity, User):
        for group in groups_of(iam, identity):
            found += sources_of(iam, group)
    return tuple(found)


def groups_of(iam: IAMBackend, user: User) -> list[Group]:
    """Return the groups of a user."""
    return [group for group in iam.groups.values() if user in group.users]


def identity_of(iam: IAMBackend, arn: str) -> User | Role | Group | None:
    """Return the user, role or group with this ARN, or None."""
    everyone: list[User | Role | Group] = [*iam.users.values(), *iam.roles.values(), *iam.groups.values()]
    return next((identity for identity in everyone if identity.arn == arn), None)


def _managed(policy: ManagedPolicy) -> PolicySource:
    version = next(item for item in policy.versions if item.version_id == policy.default_version_id)
    kind = "aws-managed" if policy.arn.split(":")[4] == "aws" else "user-managed"
    return PolicySource(policy.name, kind, json.loads(version.document))

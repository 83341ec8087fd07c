"""What exists in IAM: user names, groups and roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import Group, Listing, Role
from breakglass_tui.domain.problems import Problem

T = TypeVar("T")
PAGE = 1000


def read_user_names(api: Api) -> Listing[str]:
    """The name of every user: a name that differs only in case is taken too, so asking for one is not enough."""
    return _listing(lambda: (str(item["UserName"]) for item in api.pages("iam:ListUsers", "Users", MaxItems=PAGE)))


def read_groups(api: Api) -> Listing[Group]:
    """Every group."""
    return _listing(
        lambda: (
            Group(str(item["GroupName"]), str(item["Arn"]))
            for item in api.pages("iam:ListGroups", "Groups", MaxItems=PAGE)
        )
    )


def read_roles(api: Api) -> Listing[Role]:
    """Every role with its trust policy."""
    return _listing(lambda: (_role(item) for item in api.pages("iam:ListRoles", "Roles", MaxItems=PAGE)))


def trust_of(role: Mapping[str, Any]) -> dict[str, Any]:
    """A role's trust policy; botocore decodes it, an endpoint that encodes it otherwise is met half-way."""
    document = role.get("AssumeRolePolicyDocument") or {}
    try:
        decoded = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return {}
    return dict(decoded) if isinstance(decoded, Mapping) else {}


def _role(item: Mapping[str, Any]) -> Role:
    return Role(str(item["RoleName"]), str(item["Arn"]), trust_of(item), str(item.get("Description", "")))


def _listing(read: Callable[[], Iterator[T]]) -> Listing[T]:
    try:
        return Listing(tuple(read()))
    except Problem as problem:
        return Listing(problem=problem)

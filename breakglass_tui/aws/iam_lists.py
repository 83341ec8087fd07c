"""Reads of all IAM users, groups and roles of the account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import AccountList, Group, Role, User
from breakglass_tui.domain.problems import Problem

T = TypeVar("T")
PAGE = 1000


def read_users(api: Api) -> AccountList[User]:
    """Return all IAM users of the account. If they cannot be read, ``problem`` of the list says why.

    All are read because user names are case-insensitive, so a read of one name cannot show that the name is free.
    """
    return _listing(lambda: (_user(item) for item in api.paginate("iam:ListUsers", "Users", MaxItems=PAGE)))


def read_groups(api: Api) -> AccountList[Group]:
    """Return all IAM groups of the account. If they cannot be read, ``problem`` of the list says why."""
    return _listing(
        lambda: (
            Group(str(item["GroupName"]), str(item["Arn"]))
            for item in api.paginate("iam:ListGroups", "Groups", MaxItems=PAGE)
        )
    )


def read_roles(api: Api) -> AccountList[Role]:
    """Return all IAM roles of the account with their trust policies. If they cannot be read, ``problem`` says why."""
    return _listing(lambda: (_role(item) for item in api.paginate("iam:ListRoles", "Roles", MaxItems=PAGE)))


def trust_of(role: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trust policy of ``role``, or {} if it is not readable.

    botocore decodes the policy to a dict, but the answers of some simulators leave it as text.
    """
    document = role.get("AssumeRolePolicyDocument") or {}
    try:
        decoded = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return {}
    return dict(decoded) if isinstance(decoded, Mapping) else {}


def _user(item: Mapping[str, Any]) -> User:
    created, used = item.get("CreateDate"), item.get("PasswordLastUsed")
    return User(
        str(item["UserName"]),
        str(item.get("Path", "/")),
        str(item.get("UserId", "")),
        created if isinstance(created, datetime) else None,
        used if isinstance(used, datetime) else None,
    )


def _role(item: Mapping[str, Any]) -> Role:
    return Role(str(item["RoleName"]), str(item["Arn"]), trust_of(item), str(item.get("Description", "")))


def _listing(read: Callable[[], Iterator[T]]) -> AccountList[T]:
    try:
        return AccountList(tuple(read()))
    except Problem as problem:
        return AccountList(problem=problem)

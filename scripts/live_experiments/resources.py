"""The resources that experiments create: their tags, and how to find and remove them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import INTERVAL_S
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.unexpected_errors import as_problem

PREFIX = "breakglass-live"
PATH = f"/{PREFIX}/"
TAG = f"{PREFIX}:run"
"""The key of the tag that has the id of the run. Only resources with this tag are removed."""
CONFLICT = frozenset({"DeleteConflict"})
"""The error code of a deletion while an earlier deletion is not visible everywhere. IAM is eventually consistent."""
CONFLICT_S = 30.0
CLEAN_SEARCHES = 2
WITHIN_S = 120.0


@dataclass(frozen=True, order=True)
class Resource:
    """An IAM resource of an experiment.

    ``kind`` is user, role or device. The ``name`` of a device is its serial number.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def tags(run_id: str) -> list[dict[str, str]]:
    """Return the tags of the resources of the run ``run_id``, in the form that IAM expects."""
    return [{"Key": TAG, "Value": run_id}]


def find(api: Api, run_id: str = "") -> list[Resource]:
    """Return the tagged resources of the run ``run_id``, or of all runs if it is empty.

    Users come before devices, because IAM does not delete a device that is assigned to a user.
    """
    tagged = [(resource, _run_of(api, resource)) for listed in (_users, _roles, _devices) for resource in listed(api)]
    return [resource for resource, run in tagged if run and run_id in ("", run)]


def remove_all(
    api: Api, run_id: str, known: Iterable[Resource] = (), *, settle_s: float = 0.0
) -> list[tuple[Resource, Problem]]:
    """Remove the resources of the run ``run_id``, or of all runs if it is empty.

    Return what remains, with the problems.

    ``known`` has resources that this process created, because the lists of IAM may not have a new resource yet. The
    search ends when two searches in a row find nothing, or after ``WITHIN_S`` seconds. ``settle_s`` is the time between
    two searches, in seconds.
    """
    clock, problems, clean = api.context.clock, dict[Resource, Problem](), 0
    until = clock.ticks() + WITHIN_S
    while clean < CLEAN_SEARCHES and clock.ticks() < until:
        problems = {}
        try:
            found = sorted({*find(api, run_id), *(one for one in known if _exists(api, one))}, key=_order)
        except Exception as error:  # noqa: BLE001 - whatever it is, the operator must learn what may be left
            problems[Resource("any", f"with the tag {TAG}")] = as_problem(error)
            found = []
        for resource in found:
            try:
                _remove(api, resource)
            except Exception as error:  # noqa: BLE001 - one resource must not keep the others
                problems[resource] = as_problem(error)
        clean = 0 if found or problems else clean + 1
        if clean < CLEAN_SEARCHES:
            api.context.wait(max(settle_s, INTERVAL_S) if problems else settle_s)
    return sorted(problems.items(), key=lambda item: _order(item[0]))


def _order(resource: Resource) -> tuple[int, str]:
    return ("user", "role", "device", "any").index(resource.kind), resource.name


def _users(api: Api) -> list[Resource]:
    return [Resource("user", str(item["UserName"])) for item in api.paginate("iam:ListUsers", "Users", PathPrefix=PATH)]


def _roles(api: Api) -> list[Resource]:
    return [Resource("role", str(item["RoleName"])) for item in api.paginate("iam:ListRoles", "Roles", PathPrefix=PATH)]


def _devices(api: Api) -> list[Resource]:
    listed = api.paginate("iam:ListVirtualMFADevices", "VirtualMFADevices")
    return [Resource("device", str(item["SerialNumber"])) for item in listed if f":mfa{PATH}" in item["SerialNumber"]]


def _run_of(api: Api, resource: Resource) -> str:
    """Return the id of the run that created the resource. It is empty if the resource has no tag or does not exist."""
    action, parameters = {
        "user": ("iam:ListUserTags", {"UserName": resource.name}),
        "role": ("iam:ListRoleTags", {"RoleName": resource.name}),
        "device": ("iam:ListMFADeviceTags", {"SerialNumber": resource.name}),
    }[resource.kind]
    found = (api.find(action, **parameters) or {}).get("Tags", ())
    return next((str(tag["Value"]) for tag in found if tag["Key"] == TAG), "")


def _exists(api: Api, resource: Resource) -> bool:
    if resource.kind == "device":
        return resource in _devices(api)
    action, name = {"user": ("iam:GetUser", "UserName"), "role": ("iam:GetRole", "RoleName")}[resource.kind]
    return api.find(action, **{name: resource.name}) is not None


def _remove(api: Api, resource: Resource) -> None:
    if resource.kind == "user":
        _remove_user(api, resource.name)
    elif resource.kind == "role":
        api.remove("iam:DeleteRole", RoleName=resource.name)
    else:
        _remove_device(api, resource.name)


def _remove_user(api: Api, name: str) -> None:
    """Delete a user.

    Remove everything that it has first, because AWS refuses DeleteUser otherwise (IAM API, DeleteUser).
    """
    for key in _of_user(api, "iam:ListAccessKeys", "AccessKeyMetadata", name):
        api.remove("iam:DeleteAccessKey", UserName=name, AccessKeyId=key["AccessKeyId"])
    if api.find("iam:GetLoginProfile", UserName=name) is not None:
        api.remove("iam:DeleteLoginProfile", UserName=name)
    for device in _of_user(api, "iam:ListMFADevices", "MFADevices", name):
        serial = str(device["SerialNumber"])
        api.remove("iam:DeactivateMFADevice", UserName=name, SerialNumber=serial)
        if f":mfa{PATH}" in serial:
            _remove_device(api, serial)
    for policy in _of_user(api, "iam:ListUserPolicies", "PolicyNames", name):
        api.remove("iam:DeleteUserPolicy", UserName=name, PolicyName=policy)
    # The experiments add no managed policies and no groups, but automation in the account may do so.
    for policy in _of_user(api, "iam:ListAttachedUserPolicies", "AttachedPolicies", name):
        api.remove("iam:DetachUserPolicy", UserName=name, PolicyArn=policy["PolicyArn"])
    for group in _of_user(api, "iam:ListGroupsForUser", "Groups", name):
        api.remove("iam:RemoveUserFromGroup", UserName=name, GroupName=group["GroupName"])
    _patient(api, "iam:DeleteUser", UserName=name)


def _of_user(api: Api, action: str, key: str, name: str) -> Iterator[Any]:
    yield from (api.find(action, UserName=name) or {}).get(key, ())


def _remove_device(api: Api, serial: str) -> None:
    _patient(api, "iam:DeleteVirtualMFADevice", SerialNumber=serial)


def _patient(api: Api, action: str, **parameters: str) -> None:
    """Delete a resource.

    Retry while AWS reports a conflict, because earlier deletions may not be visible everywhere yet.
    """
    try:
        api.call(action, retry_on=CONFLICT, retry_for_s=CONFLICT_S, **parameters)
    except Problem as problem:
        if problem.code != "NoSuchEntity":
            raise

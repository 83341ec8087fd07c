"""Conflicts between a request and the account in which it will be applied."""

from __future__ import annotations

from breakglass_tui.domain.account import Account, AccountList, AdminPolicy, role_obstacle
from breakglass_tui.domain.policy import inline_document, size_error
from breakglass_tui.domain.problems import FieldError, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show


def conflicts(request: SetupRequest, account: Account) -> tuple[FieldError, ...]:
    """Return the fields of ``request`` that conflict with ``account``, with one error for each.

    If the users, groups, roles or keys could not be read, nothing conflicts with them. If AdministratorAccess could not
    be read, the error is reported for the field ``region``.
    """
    region = _region(request, account)
    found = (
        region,
        user_name_conflict(request.user_name, account.user_names),
        _groups(request, account),
        _role(request, account),
        None if region else _key(request, account),
        _policy(request, account),
        _seed(request),
    )
    return tuple(error for error in found if error)


def user_name_conflict(name: str, taken: AccountList[str] | None) -> FieldError | None:
    """Return an error if a user ``name`` exists, or None if the name is free or ``taken`` is not known.

    IAM treats names that differ only in case as the same name. Source: IAM API, CreateUser, UserName.
    """
    if not name or taken is None:
        return None
    for other in taken.items:
        if other.casefold() == name.casefold():
            same = "already exists" if other == name else f"already exists as {show(other)}, and IAM ignores case"
            return FieldError("user_name", f"a user with this name {same}. Choose another name")
    return None


def _region(request: SetupRequest, account: Account) -> FieldError | None:
    if account.regions is None:
        return None
    known = {region.name: region for region in account.regions.items}
    if request.region not in known:
        return FieldError("region", f"{show(request.region)} does not exist in partition {account.caller.partition}")
    region = known[request.region]
    if not region.enabled:
        return FieldError("region", f"{region.name} is not enabled for this account ({region.opt_in})")
    return None


def _groups(request: SetupRequest, account: Account) -> FieldError | None:
    if account.groups is None or not account.groups.verified:
        return None
    known = {group.name for group in account.groups.items}
    missing = [show(name) for name in request.groups if name not in known]
    return FieldError("groups", f"no such group in this account: {', '.join(missing)}") if missing else None


def _role(request: SetupRequest, account: Account) -> FieldError | None:
    if not request.role_arn:
        return None
    if request.role_arn.split(":")[4] != account.caller.account_id:
        return FieldError("role_arn", "the role is in another account. Choose a role of this account")
    if obstacle := role_obstacle(request.role_arn):
        return FieldError("role_arn", f"{show(request.role_arn)} is {obstacle}. Choose another role")
    if account.roles is None or not account.roles.verified:
        return None
    if request.role_arn not in {role.arn for role in account.roles.items}:
        return FieldError("role_arn", f"no such role in this account: {show(request.role_arn)}")
    return None


def _key(request: SetupRequest, account: Account) -> FieldError | None:
    if not request.kms_key_id or account.keys is None or not account.keys.verified:
        return None
    for key in account.keys.items:
        if key.is_called(request.kms_key_id):
            return FieldError("kms_key_id", f"{show(key.label)} cannot seal: {key.obstacle}") if key.obstacle else None
    return FieldError("kms_key_id", f"no such key in {request.region}: {show(request.kms_key_id)}")


def _seed(request: SetupRequest) -> FieldError | None:
    """Return an error if ``mfa`` is ``sealed`` and no seal protects the MFA seed.

    Only this program would have that seed.
    """
    if request.mfa != "sealed" or request.has_seal or request.seal_mfa_to:
        return None
    need = 'the MFA seed needs a seal. Choose a KMS key or an offline seal, or set mfa to "authenticator"'
    return FieldError("mfa", need)


def _policy(request: SetupRequest, account: Account) -> FieldError | None:
    policy = account.admin_policy
    if isinstance(policy, Problem):
        return FieldError("region", f"AdministratorAccess could not be read: {policy.what}")
    if not isinstance(policy, AdminPolicy):
        return None
    error = size_error(inline_document(policy, require_mfa=request.require_mfa))
    return FieldError("require_mfa", error) if error else None

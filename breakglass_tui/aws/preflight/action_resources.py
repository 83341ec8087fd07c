"""The resources that the IAM actions of a run act on."""

from __future__ import annotations

from breakglass_tui.engine.cloud import Setup

ON_DEVICE = frozenset({"iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice", "iam:TagMFADevice"})
ON_GROUP = frozenset({"iam:AddUserToGroup", "iam:GetGroup", "iam:RemoveUserFromGroup"})
ON_ROLE = frozenset({"iam:GetRole", "iam:UpdateAssumeRolePolicy"})
ON_ACCOUNT = frozenset({"iam:GetAccountPasswordPolicy", "iam:GetAccountSummary", "iam:ListVirtualMFADevices"})
"""IAM actions without a resource (Service Authorization Reference, IAM).

The IAM actions that are in none of these sets act on the user.
"""


def group_by_resource(actions: tuple[str, ...], setup: Setup, *, device: str) -> dict[tuple[str, ...], list[str]]:
    """Return the IAM actions among ``actions``, grouped by their resources. Each key is a tuple of resource ARNs.

    ``device`` is the ARN of the MFA device. Actions of other services are left out: the check ``seal-works`` tests KMS
    by use, and the policy simulator does not evaluate key policies.
    """
    grouped: dict[tuple[str, ...], list[str]] = {}
    for action in actions:
        if action.startswith("iam:"):
            grouped.setdefault(_resources(action, setup, device), []).append(action)
    return grouped


def _resources(action: str, setup: Setup, device: str) -> tuple[str, ...]:
    request, caller = setup.request, setup.account.caller
    here = f"arn:{caller.partition}:iam::{caller.account_id}:"
    if action in ON_DEVICE:
        return (device,)
    if action in ON_GROUP:
        arns = {group.name: group.arn for group in setup.account.groups.items} if setup.account.groups else {}
        return tuple(arns.get(name, f"{here}group/{name}") for name in request.groups)
    if action in ON_ROLE:
        return (request.role_arn,)
    if action in ON_ACCOUNT:
        return ("*",)
    return (f"{here}user{request.path}{request.user_name}",)

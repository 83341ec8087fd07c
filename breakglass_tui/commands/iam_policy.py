"""The IAM policy that the operator needs for one request: its assessment, plan, undo and validation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from breakglass_tui.domain.ownership import device_name, device_serial
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import size
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan

MANAGED_QUOTA = 6144
"""The maximum number of characters of a customer managed policy, without white space (IAM quotas)."""
ANY_RUN = "The name of the MFA device ends with the id of the run, which is new in every run."
OPTIONAL = "You can remove the statements whose names begin with Optional. Some results are then incomplete."
TOPIC_KEYS = (
    "If an alert topic is encrypted with a KMS key, add kms:DescribeKey and kms:GetKeyPolicy on the ARN of that key."
)
ADMINISTRATOR = "With this policy the caller can create an administrator. Detach it after the validation."
SEALS = frozenset({"kms:Encrypt", "kms:Decrypt"})
KINDS = {
    "iam:user": "User",
    "iam:mfa": "MfaDevice",
    "iam:group": "Groups",
    "iam:role": "Role",
    "iam:policy": "Policy",
    "kms:key": "KmsKey",
    "account:account": "Regions",
    "cloudtrail:trail": "Trails",
    "events:rule": "AlertRules",
}
"""Maps a service and a resource type to the end of the Sid of a statement."""


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """A statement that allows ``actions`` on ``resources``. ``reason`` says why a resource has a wildcard, or is empty.

    ``purpose`` is the start of the Sid, for example ``Apply``.
    """

    purpose: str
    resources: tuple[str, ...]
    reason: str
    actions: tuple[str, ...]

    @property
    def sid(self) -> str:
        """The Sid: the purpose and the kind of the resources. IAM accepts only letters and digits."""
        _, _, service, _, _, resource, *_ = f"{self.resources[0]}::::::".split(":")
        if self.resources == ("*",):
            return f"{self.purpose}Account"
        kind = KINDS.get(f"{service}:{resource.split('/')[0]}", "AlertTopics")
        return f"{self.purpose}{kind}"


def iam_policy(setup: Setup, plan: Plan) -> str:
    """Return the policy as JSON, with a final line break."""
    statements = [
        {"Sid": sid, "Effect": "Allow", "Action": list(each.actions), "Resource": list(each.resources)}
        for sid, each in _named(setup, plan)
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2) + "\n"


def iam_policy_notes(setup: Setup, plan: Plan) -> list[str]:
    """Return lines about the policy: for whom it is, its size, and the reason for each wildcard."""
    document: Any = json.loads(iam_policy(setup, plan))
    used = f"It has {size(document):,} characters. A managed policy can have {MANAGED_QUOTA:,}."
    notes = [f"The policy is for {show(setup.account.caller.arn)}. {used}", "Wildcards in the policy:"]
    for sid, each in _named(setup, plan):
        if each.reason:
            notes.append(f"  {sid}: {', '.join(map(show, each.resources))}")
            notes.append(f"    {each.reason}")
    return [*notes, ADMINISTRATOR, OPTIONAL, *([TOPIC_KEYS] if setup.request.console else [])]


def _named(setup: Setup, plan: Plan) -> Iterator[tuple[str, PolicyStatement]]:
    """Yield each statement with a unique Sid."""
    counts: dict[str, int] = {}
    for each in _statements(setup, plan):
        counts[each.sid] = counts.get(each.sid, 0) + 1
        yield each.sid + (str(counts[each.sid]) if counts[each.sid] > 1 else ""), each


def _statements(setup: Setup, plan: Plan) -> tuple[PolicyStatement, ...]:
    """Return the statements, required ones first. No action is allowed twice on the same resource."""
    grouped: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    allowed: set[tuple[str, str]] = set()
    permissions = list(_by_purpose(setup, plan))
    for purpose, each in sorted(permissions, key=lambda pair: pair[1].optional):
        resources = tuple(arn for arn in each.resources if (each.action, arn) not in allowed)
        allowed.update((each.action, arn) for arn in resources)
        if resources:
            grouped.setdefault((purpose, resources, each.reason), []).append(each.action)
    return tuple(PolicyStatement(*key, tuple(actions)) for key, actions in grouped.items())


def _by_purpose(setup: Setup, plan: Plan) -> Iterator[tuple[str, Permission]]:
    needed = plan.permissions
    parts = {"Prepare": needed.prepare, "Apply": needed.apply, "Undo": needed.undo, "Validate": needed.validate}
    for purpose, permissions in parts.items():
        for each in permissions:
            of_seal = "SealWith" if each.action in SEALS else purpose
            yield "Optional" if each.optional else of_seal, _for_every_run(setup, each)


def _for_every_run(setup: Setup, permission: Permission) -> Permission:
    """Return ``permission`` for the devices of all runs of the request. The plan has the device of one run."""
    caller, user = setup.account.caller, setup.request.user_name
    if permission.resources != (device_serial(caller, device_name(user, setup.run_id)),):
        return permission
    return replace(permission, resources=(device_serial(caller, device_name(user, "*")),), reason=ANY_RUN)

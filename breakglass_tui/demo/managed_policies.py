"""The AWS managed policies of the simulated account."""

from __future__ import annotations

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, Group, IAMBackend, Role, User

from breakglass_tui.demo.world import PARTITION, World

NAMES = (
    "AdministratorAccess",
    "Billing",
    "IAMUserChangePassword",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "ViewOnlyAccess",
)


def add_managed_policies(world: World) -> None:
    """Create the policies of ``NAMES`` with the documents of AWS. All 1582 AWS policies would take 0.5 s and 40 MB."""
    decoder = json.JSONDecoder()
    for name in NAMES:
        key = f'\n "{name}":'
        start = aws_managed_policies_data.index(key) + len(key)
        data, _ = decoder.raw_decode(aws_managed_policies_data, start)
        policy = AWSManagedPolicy.from_data(name, world.account_id, PARTITION, data)
        world.iam.aws_managed_policies.append(policy)
        world.iam.managed_policies[policy.arn] = policy


def attach(iam: IAMBackend, name: str, identity: User | Group | Role) -> None:
    """Attach the managed policy ``name``, which must be in ``NAMES``, to a user, group or role."""
    next(policy for policy in iam.aws_managed_policies if policy.name == name).attach_to(identity)

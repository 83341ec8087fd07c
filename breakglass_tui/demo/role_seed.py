"""The initial roles of the simulated account, with their trust policies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from breakglass_tui.demo.managed_policies import attach
from breakglass_tui.demo.world import World

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@dataclass(frozen=True)
class RoleSeed:
    """The initial state of a role. ``policy`` is the AWS managed policy attached to it.

    ``trust`` is a service, or the part of a principal's ARN after the account id. A SAML provider is trusted only for
    AssumeRoleWithSAML.
    """

    name: str
    trust: str
    policy: str = ""
    description: str = ""
    path: str = "/"
    mfa: bool = False


ROLES = (
    RoleSeed("EmergencyAdmin", "root", "AdministratorAccess", "Full access for emergencies", mfa=True),
    RoleSeed("OrganizationAccountAccessRole", "root", "AdministratorAccess"),
    RoleSeed("ReadOnlyAuditor", "user/dave", "SecurityAudit", "Yearly audit"),
    RoleSeed("IncidentResponder", "root", "ReadOnlyAccess", "Forensics, see the runbook", mfa=True),
    RoleSeed("CiDeploy", "user/service/ci-deployer", "PowerUserAccess", "Deploys from the main branch", "/service/"),
    RoleSeed("TerraformApply", "user/service/terraform", "AdministratorAccess", "", "/service/"),
    RoleSeed("BillingViewer", "root", "Billing", "Cost reports"),
    RoleSeed(
        "AWSReservedSSO_AdministratorAccess_0123456789abcdef",
        "saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE",
        "AdministratorAccess",
        "",
        "/aws-reserved/sso.amazonaws.com/eu-west-1/",
    ),
    RoleSeed("AWSServiceRoleForSupport", "support.amazonaws.com", "", "", "/aws-service-role/support.amazonaws.com/"),
    RoleSeed("BackupOperator", "backup.amazonaws.com", "", "Nightly snapshots"),
    RoleSeed("EcsTaskExecution", "ecs-tasks.amazonaws.com"),
    RoleSeed("LambdaRotateSecrets", "lambda.amazonaws.com", "", "Rotates the secrets of app-data"),
    RoleSeed("LegacyImporter", "ec2.amazonaws.com", "", "[/] [bold]old importer[/bold] $(id) `id` -- do not use"),
    RoleSeed("SessionManager", "ssm.amazonaws.com", "ReadOnlyAccess"),
    RoleSeed("VpcFlowLogs", "vpc-flow-logs.amazonaws.com"),
)


def add_roles(world: World) -> None:
    """Create the roles of ``ROLES``. The users that they trust must exist."""
    for seed in ROLES:
        role = world.iam.create_role(
            seed.name, json.dumps(_trust(world.account_id, seed)), seed.path, None, seed.description, [], "3600"
        )
        if seed.policy:
            attach(world.iam, seed.policy, role)


def _trust(account_id: str, seed: RoleSeed) -> dict[str, Any]:
    arn = f"arn:aws:iam::{account_id}:{seed.trust}"
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    if seed.trust.endswith(".amazonaws.com"):
        statement["Principal"] = {"Service": seed.trust}
    if seed.trust.startswith("saml-provider/"):
        statement |= {"Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithSAML"}
    if seed.mfa:
        statement["Condition"] = MFA
    return {"Version": "2012-10-17", "Statement": [statement]}

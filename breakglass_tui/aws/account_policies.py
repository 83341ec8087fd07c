"""The account's password policy, and AdministratorAccess as AWS has it today."""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import AdminPolicy, PasswordPolicy
from breakglass_tui.domain.policy import admin_policy_arn
from breakglass_tui.domain.problems import Problem


def read_admin_policy(api: Api, partition: str) -> AdminPolicy | Problem:
    """AdministratorAccess of ``partition`` at its default version."""
    arn = admin_policy_arn(partition)
    try:
        version = str(api.made("iam:GetPolicy", "Policy", PolicyArn=arn)["DefaultVersionId"])
        found = api.made("iam:GetPolicyVersion", "PolicyVersion", PolicyArn=arn, VersionId=version)
    except Problem as problem:
        return problem
    document = found.get("Document")
    if not isinstance(document, dict) or not document.get("Statement"):
        why = f"The document of {arn} {version} has no statement."
        return Problem("AdministratorAccess could not be read.", why=why, next="Check the endpoint and try again.")
    return AdminPolicy(arn, version, document)


def read_password_policy(api: Api) -> PasswordPolicy | Problem:
    """The account's own password policy, or AWS's default one when it has set none (NoSuchEntity)."""
    try:
        answer = api.found("iam:GetAccountPasswordPolicy")
    except Problem as problem:
        return problem
    if answer is None:
        return PasswordPolicy()
    said = answer.get("PasswordPolicy", {})
    return PasswordPolicy(
        minimum_length=int(said.get("MinimumPasswordLength", 6)),
        uppercase=bool(said.get("RequireUppercaseCharacters")),
        lowercase=bool(said.get("RequireLowercaseCharacters")),
        numbers=bool(said.get("RequireNumbers")),
        symbols=bool(said.get("RequireSymbols")),
        users_may_change=bool(said.get("AllowUsersToChangePassword")),
        max_age_days=int(said.get("MaxPasswordAge", 0)),
        hard_expiry=bool(said.get("HardExpiry")),
        custom=True,
    )

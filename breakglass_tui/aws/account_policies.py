"""Reads of the account's password policy and of the AWS managed policy AdministratorAccess."""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import AdminPolicy, PasswordPolicy
from breakglass_tui.domain.policy import admin_policy_arn
from breakglass_tui.domain.problems import Problem


def read_admin_policy(api: Api, partition: str) -> AdminPolicy | Problem:
    """Return the default version of AdministratorAccess in ``partition``, or the ``Problem`` if it cannot be read."""
    arn = admin_policy_arn(partition)
    try:
        version = str(api.call_part("iam:GetPolicy", "Policy", PolicyArn=arn)["DefaultVersionId"])
        found = api.call_part("iam:GetPolicyVersion", "PolicyVersion", PolicyArn=arn, VersionId=version)
    except Problem as problem:
        return problem
    document = found.get("Document")
    if not isinstance(document, dict) or not document.get("Statement"):
        why = f"The document of {arn} {version} has no statement."
        return Problem("AdministratorAccess could not be read.", why=why, next="Check the endpoint, then try again.")
    return AdminPolicy(arn, version, document)


def read_password_policy(api: Api) -> PasswordPolicy | Problem:
    """Return the account's password policy, or a ``Problem`` if it cannot be read.

    If the account has none (NoSuchEntity), the result is the default policy of AWS, with ``custom`` False.
    """
    try:
        answer = api.find("iam:GetAccountPasswordPolicy")
    except Problem as problem:
        return problem
    if answer is None:
        return PasswordPolicy()
    policy = answer.get("PasswordPolicy", {})
    return PasswordPolicy(
        minimum_length=int(policy.get("MinimumPasswordLength", 6)),
        uppercase=bool(policy.get("RequireUppercaseCharacters")),
        lowercase=bool(policy.get("RequireLowercaseCharacters")),
        numbers=bool(policy.get("RequireNumbers")),
        symbols=bool(policy.get("RequireSymbols")),
        users_may_change=bool(policy.get("AllowUsersToChangePassword")),
        max_age_days=int(policy.get("MaxPasswordAge", 0)),
        hard_expiry=bool(policy.get("HardExpiry")),
        custom=True,
    )

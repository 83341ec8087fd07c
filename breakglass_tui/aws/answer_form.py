"""Verifies the identifiers in the answers of AWS: each must have the form that AWS documents.

Only an endpoint that is not AWS answers anything else. So nothing later in the program gets a line break, markup or a
word of a shell in place of an account id or a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.domain import identifiers as form
from breakglass_tui.domain.identifiers import IdentifierForm
from breakglass_tui.domain.problems import Kind, Problem

FIELDS: Mapping[str, IdentifierForm] = {
    "Account": form.ACCOUNT_ID,
    "AWSAccountId": form.ACCOUNT_ID,
    "MasterAccountId": form.ACCOUNT_ID,
    "AccountAliases": form.ACCOUNT_ALIAS,
    "Arn": form.ARN,
    "PolicyArn": form.ARN,
    "PermissionsBoundaryArn": form.ARN,
    "TrailARN": form.ARN,
    "SnsTopicARN": form.ARN,
    "TopicArn": form.ARN,
    "SubscriptionArn": form.SUBSCRIPTION,
    "UserId": form.UNIQUE_ID,
    "UserName": form.USER_NAME,
    "RoleName": form.ROLE_NAME,
    "GroupName": form.GROUP_NAME,
    "PolicyName": form.POLICY_NAME,
    "PolicyNames": form.POLICY_NAME,
    "Path": form.PATH,
    "RoleId": form.UNIQUE_ID,
    "GroupId": form.UNIQUE_ID,
    "AccessKeyId": form.ACCESS_KEY_ID,
    "SerialNumber": form.MFA_SERIAL,
    "DefaultVersionId": form.VERSION_ID,
    "RegionName": form.REGION,
    "HomeRegion": form.REGION,
    "KeyId": form.KEY_REFERENCE,
    "TargetKeyId": form.KEY_ID,
    "AliasName": form.KEY_ALIAS,
}
"""The form of each field that is an identifier, in the answers of every action that this program calls."""
BY_ACTION: Mapping[tuple[str, str], IdentifierForm] = {("sts:GetCallerIdentity", "UserId"): form.CALLER_ID}
"""The form of a field that has another meaning in the answer of one action."""
_NOT_READ = frozenset({"ResponseMetadata", "Document", "PolicyDocument", "AssumeRolePolicyDocument", "Tags"})
"""Parts that are no identifiers of AWS: documents and tags, whose keys anyone chooses."""


def require_identifiers(action: str, answer: Mapping[str, Any]) -> None:
    """Raise ``Problem`` if an identifier in the ``answer`` to ``action`` does not have its form.

    The outcome of a write is then unknown, because the answer does not come from AWS. Empty values and None are left to
    the caller.
    """
    for field, error in _errors(action, answer):
        raise Problem(
            f"The answer to {action} does not come from AWS.",
            why=f"In its field {field}, {error}. AWS returns no such value.",
            next="Check --endpoint-url, the network and the proxy. Then try again.",
            kind=Kind.UNREACHABLE,
            code="UnexpectedIdentifier",
        )


def _errors(action: str, part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, value in part.items():
        if field in _NOT_READ:
            continue
        expected = BY_ACTION.get((action, field)) or FIELDS.get(field)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, dict):
                yield from _errors(action, item)
            elif expected is not None and item not in (None, "") and (error := expected.error(item)):
                yield field, error

"""The inline policy of the emergency user: AdministratorAccess and an optional guardrail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.account import AdminPolicy

INLINE_POLICY_NAME = "BreakGlassAdministratorAccess"
ADMIN_POLICY_NAME = "AdministratorAccess"
INLINE_QUOTA = 2048
"""Characters in all inline policies of a user together, without white space. Source: IAM quotas."""

DENY_WITHOUT_MFA: Mapping[str, Any] = {
    "Sid": "DenyWithoutMFA",
    "Effect": "Deny",
    "NotAction": ["iam:ChangePassword", "iam:GetAccountPasswordPolicy", "sts:GetSessionToken"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}
"""``BoolIfExists`` also denies a plain access key, which has no MFA context."""


def admin_policy_arn(partition: str) -> str:
    """Return the ARN of AdministratorAccess in ``partition``."""
    return f"arn:{partition}:iam::aws:policy/{ADMIN_POLICY_NAME}"


def inline_document(policy: AdminPolicy, *, require_mfa: bool) -> dict[str, Any]:
    """Return the document of the user's inline policy: ``policy``, and the guardrail if ``require_mfa``."""
    document = dict(policy.document)
    if require_mfa:
        document["Statement"] = [*_as_list(document.get("Statement")), DENY_WITHOUT_MFA]
    return document


def compact(document: Mapping[str, Any]) -> str:
    """Return the document as JSON without white space, as it is sent."""
    return json.dumps(document, separators=(",", ":"))


def size(document: Mapping[str, Any]) -> int:
    """Return the number of characters that count against ``INLINE_QUOTA``."""
    return sum(not character.isspace() for character in compact(document))


def size_error(document: Mapping[str, Any]) -> str:
    """Return why the document is too large for a user, or an empty string if it fits."""
    used = size(document)
    if used <= INLINE_QUOTA:
        return ""
    return f"the inline policy has {used} characters, and IAM allows {INLINE_QUOTA} for each user"


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two documents have the same canonical form, so that they grant and deny the same.

    IAM treats a value and a list of that one value as equal. The order of statements, actions and resources has no
    meaning. Action names are not case-sensitive.
    """
    return canonical(one) == canonical(other)


def canonical(document: Mapping[str, Any]) -> str:
    """Return a JSON text that is equal for equal policies. Statement ids are left out."""
    statements = [_canonical_statement(item) for item in _as_list(document.get("Statement"))]
    return json.dumps({"Version": document.get("Version"), "Statement": sorted(statements)}, sort_keys=True)


def _canonical_statement(statement: Mapping[str, Any]) -> str:
    parts: dict[str, Any] = {}
    for key, value in statement.items():
        if key == "Sid":
            continue
        if key in ("Action", "NotAction"):
            parts[key] = sorted({str(item).lower() for item in _as_list(value)})
        elif key in ("Resource", "NotResource"):
            parts[key] = sorted({str(item) for item in _as_list(value)})
        elif key == "Condition":
            parts[key] = {test: {k: _texts(v) for k, v in of.items()} for test, of in value.items()}
        else:
            parts[key] = value
    return json.dumps(parts, sort_keys=True)


def _texts(value: Any) -> list[str]:
    """Return the values of a condition as IAM compares them: JSON's true is the text ``true``."""
    return sorted(str(item).lower() if isinstance(item, bool) else str(item) for item in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]

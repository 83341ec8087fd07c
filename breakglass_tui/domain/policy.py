"""The inline policy of the emergency user: AdministratorAccess and, on request, a guardrail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.account import AdminPolicy

INLINE_POLICY_NAME = "BreakGlassAdministratorAccess"
ADMIN_POLICY_NAME = "AdministratorAccess"
INLINE_QUOTA = 2048
"""Characters of all inline policies of a user together, white space not counted (IAM quotas)."""

DENY_WITHOUT_MFA: Mapping[str, Any] = {
    "Sid": "DenyWithoutMFA",
    "Effect": "Deny",
    "NotAction": ["iam:ChangePassword", "iam:GetAccountPasswordPolicy", "sts:GetSessionToken"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}
"""``BoolIfExists``, so that a plain access key, which carries no MFA context at all, is denied too."""


def admin_policy_arn(partition: str) -> str:
    """The ARN of AdministratorAccess in ``partition``."""
    return f"arn:{partition}:iam::aws:policy/{ADMIN_POLICY_NAME}"


def inline_document(policy: AdminPolicy, *, require_mfa: bool) -> dict[str, Any]:
    """The document that will be put on the user."""
    document = dict(policy.document)
    if require_mfa:
        document["Statement"] = [*_as_list(document.get("Statement")), DENY_WITHOUT_MFA]
    return document


def compact(document: Mapping[str, Any]) -> str:
    """The document as it is sent: no white space."""
    return json.dumps(document, separators=(",", ":"))


def size(document: Mapping[str, Any]) -> int:
    """How many characters count against ``INLINE_QUOTA``."""
    return sum(not character.isspace() for character in compact(document))


def size_error(document: Mapping[str, Any]) -> str:
    """Why the document does not fit on a user, or nothing."""
    used = size(document)
    return f"the inline policy has {used} characters; IAM allows {INLINE_QUOTA} a user" if used > INLINE_QUOTA else ""


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents grant and deny the same by their canonical form.

    One value and a list of that one value mean the same to IAM, and neither the order of statements nor that of
    actions and resources carries meaning; action names ignore case.
    """
    return canonical(one) == canonical(other)


def canonical(document: Mapping[str, Any]) -> str:
    """A form in which equal policies are equal texts; statement ids do not take part."""
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
    """A condition's values as IAM compares them: JSON's true is the text ``true``."""
    return sorted(str(item).lower() if isinstance(item, bool) else str(item) for item in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]

"""The inline policy of the emergency user: AdministratorAccess, and optionally a statement that requires MFA."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.account import AdminPolicy

INLINE_POLICY_NAME = "BreakGlassAdministratorAccess"
ADMIN_POLICY_NAME = "AdministratorAccess"
INLINE_QUOTA = 2048
"""The most characters in all inline policies of a user together, without white space. Source: IAM quotas."""

DENY_WITHOUT_MFA: Mapping[str, Any] = {
    "Sid": "DenyWithoutMFA",
    "Effect": "Deny",
    "NotAction": [
        "iam:ChangePassword",
        "iam:GetAccountPasswordPolicy",
        "signin:AuthorizeOAuth2Access",
        "signin:CreateOAuth2Token",
        "sts:GetSessionToken",
    ],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}},
}
"""The statement that denies access without MFA, in the form that AWS publishes (re:Post, "mfa-iam-user-aws-cli").

``BoolIfExists`` also denies a plain access key, which has no MFA context. A call that a service makes for the user has
aws:ViaAWSService, and is not denied. The user can only cause such a call with MFA.

``aws login`` needs the two signin actions (AWS managed policy SignInLocalDevelopmentAccess). AWS does not document
whether these calls carry an MFA context, so they are exempt. The exemption is harmless: they only return credentials of
this user, and this statement applies to those credentials too.
"""
EARLIER_GUARDRAILS: tuple[Mapping[str, Any], ...] = (
    {
        **DENY_WITHOUT_MFA,
        "NotAction": ["iam:ChangePassword", "iam:GetAccountPasswordPolicy", "sts:GetSessionToken"],
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
)
"""The MFA statements that earlier releases wrote. Users that have one stay valid.

These statements also deny calls that services make for the user.
"""


def admin_policy_arn(partition: str) -> str:
    """Return the ARN of AdministratorAccess in ``partition``."""
    return f"arn:{partition}:iam::aws:policy/{ADMIN_POLICY_NAME}"


def inline_document(policy: AdminPolicy, *, require_mfa: bool) -> dict[str, Any]:
    """Return the document of the user's inline policy: ``policy``, with the MFA statement if ``require_mfa``."""
    return _with_guardrail(policy, DENY_WITHOUT_MFA) if require_mfa else dict(policy.document)


def inline_documents(policy: AdminPolicy, *, require_mfa: bool) -> tuple[dict[str, Any], ...]:
    """Return every document that counts as the user's inline policy: this release's, then those of earlier ones."""
    earlier = EARLIER_GUARDRAILS if require_mfa else ()
    current = inline_document(policy, require_mfa=require_mfa)
    return (current, *(_with_guardrail(policy, guardrail) for guardrail in earlier))


def is_inline_document(found: Mapping[str, Any], policy: AdminPolicy, *, require_mfa: bool) -> bool:
    """Return whether ``found`` equals the inline policy that this or an earlier release writes."""
    return any(same(found, document) for document in inline_documents(policy, require_mfa=require_mfa))


def _with_guardrail(policy: AdminPolicy, guardrail: Mapping[str, Any]) -> dict[str, Any]:
    return {**policy.document, "Statement": [*_as_list(policy.document.get("Statement")), guardrail]}


def compact(document: Mapping[str, Any]) -> str:
    """Return ``document`` as JSON without white space, as it is sent to IAM."""
    return json.dumps(document, separators=(",", ":"))


def size(document: Mapping[str, Any]) -> int:
    """Return the number of characters of ``document`` that count against ``INLINE_QUOTA``."""
    return sum(not character.isspace() for character in compact(document))


def size_error(document: Mapping[str, Any]) -> str:
    """Return why ``document`` is too large for an inline policy of a user, or an empty string if it fits."""
    used = size(document)
    if used <= INLINE_QUOTA:
        return ""
    return f"the inline policy has {used} characters, and IAM allows {INLINE_QUOTA} for each user"


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two policy documents have the same canonical form, and so allow and deny the same.

    IAM treats a value and a list of that one value as equal. The order of statements, actions and resources has no
    meaning. Action names are not case-sensitive.
    """
    return canonical(one) == canonical(other)


def canonical(document: Mapping[str, Any]) -> str:
    """Return a JSON text that is equal for equivalent policy documents. It leaves out statement ids.

    A part that is not valid in a policy is not normalized.
    """
    statements = [_canonical_statement(item) for item in _as_list(document.get("Statement"))]
    return json.dumps({"Version": document.get("Version"), "Statement": sorted(statements)}, sort_keys=True)


def _canonical_statement(statement: Any) -> str:
    if not isinstance(statement, Mapping):
        return json.dumps(statement, sort_keys=True)
    parts: dict[str, Any] = {}
    for key, value in statement.items():
        if key == "Sid":
            continue
        if key in ("Action", "NotAction"):
            parts[key] = sorted({str(item).lower() for item in _as_list(value)})
        elif key in ("Resource", "NotResource"):
            parts[key] = sorted({str(item) for item in _as_list(value)})
        elif key == "Condition" and isinstance(value, Mapping):
            parts[key] = {test: _canonical_operator(of) for test, of in value.items()}
        else:
            parts[key] = value
    return json.dumps(parts, sort_keys=True)


def _canonical_operator(keys: Any) -> Any:
    return {key: _texts(value) for key, value in keys.items()} if isinstance(keys, Mapping) else keys


def _texts(value: Any) -> list[str]:
    """Return the values of a condition as sorted texts. IAM compares JSON's true as the text ``true``."""
    return sorted(str(item).lower() if isinstance(item, bool) else str(item) for item in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]

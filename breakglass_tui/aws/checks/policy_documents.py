"""Reads of managed policy documents, and short texts about policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.policy_statements import describe, statements


def managed_document(api: Api, arn: str) -> Mapping[str, Any]:
    """Return the document of the default version of a managed policy. Raises ``Problem``."""
    version = str(api.call("iam:GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"])
    answer = api.call("iam:GetPolicyVersion", PolicyArn=arn, VersionId=version)
    document: Mapping[str, Any] = answer["PolicyVersion"]["Document"]
    return document


def denials(document: Mapping[str, Any]) -> list[str]:
    """Return a summary of each deny statement in a document, for example ``Deny s3:* on *``."""
    return [describe(statement) for statement in statements(document) if statement.get("Effect") == "Deny"]


def names(items: Iterable[str]) -> str:
    """Return the items as one text, separated by commas, or ``none``."""
    return ", ".join(items) or "none"

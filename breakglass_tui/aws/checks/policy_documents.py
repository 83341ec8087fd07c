"""What a policy on a user or group says, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.policy_diff import describe, statements


def managed_document(api: Api, arn: str) -> Mapping[str, Any]:
    """The document of a managed policy at its default version; raises ``Problem``."""
    version = str(api.call("iam:GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"])
    answer = api.call("iam:GetPolicyVersion", PolicyArn=arn, VersionId=version)
    document: Mapping[str, Any] = answer["PolicyVersion"]["Document"]
    return document


def denials(document: Mapping[str, Any]) -> list[str]:
    """The statements that deny, as ``Deny s3:* on *``."""
    return [describe(held) for held in statements(document) if held.get("Effect") == "Deny"]


def names(found: Iterable[str]) -> str:
    """A list for people, or ``nothing``."""
    return ", ".join(found) or "nothing"

"""The policies that apply to the user, with a fingerprint that shows whether they changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.iam_user import not_visible_codes
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.engine.cloud import Subject

POLICY_READS = (
    "iam:GetUser",
    "iam:ListGroupsForUser",
    "iam:ListUserPolicies",
    "iam:ListAttachedUserPolicies",
    "iam:GetUserPolicy",
)
"""The actions that read the policies of a user."""


@dataclass(frozen=True)
class UserPolicies:
    """The policies that apply to a user.

    ``inline`` maps the names of inline policies to their documents. ``attached`` maps the ARNs of attached policies to
    their names. ``boundary`` is the ARN of the permissions boundary, or "". ``read_at`` is the time of AWS's clock when
    they were read.
    """

    inline: Mapping[str, Any]
    attached: Mapping[str, str]
    read_at: datetime
    boundary: str = ""
    groups: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all fields.

        It does not change if an attached policy or the policy of a group changes inside.
        """
        parts = [dict(self.inline), sorted(self.attached), self.boundary, sorted(self.groups)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def read_policies(api: Api, subject: Subject, user: Mapping[str, Any], groups: Sequence[str]) -> UserPolicies:
    """Return the policies of the user. Raises ``Problem``.

    It calls ListUserPolicies, GetUserPolicy and ListAttachedUserPolicies. ``user`` is the answer of GetUser, and
    ``groups`` are the names of the user's groups.
    """
    name, retry_on = subject.user_name, not_visible_codes(subject)

    def read_attached(branch: Api) -> dict[str, str]:
        found = branch.paginate("iam:ListAttachedUserPolicies", "AttachedPolicies", retry_on=retry_on, UserName=name)
        return {str(policy["PolicyArn"]): str(policy["PolicyName"]) for policy in found}

    with read_meanwhile(api, read_attached) as attached:
        inline = [
            str(each) for each in api.paginate("iam:ListUserPolicies", "PolicyNames", retry_on=retry_on, UserName=name)
        ]
        documents = {
            each: (api.find("iam:GetUserPolicy", UserName=name, PolicyName=each) or {}).get("PolicyDocument")
            for each in inline
        }
    boundary = str(user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))
    read_at = api.context.clock.now() + timedelta(seconds=api.clock_offset_s)
    return UserPolicies(documents, attached.result(), read_at, boundary, tuple(groups))

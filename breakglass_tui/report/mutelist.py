"""A mutelist for Prowler: only what an emergency user goes against on purpose, and only for this user.

Form and matching as in Prowler's documentation of the mutelist: account, check, Region, resource and tags must all
match; resources and tags are regular expressions that are searched for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.text import show

TAG = "breakglass-tui:managed=true"
HEAD = """\
# Prowler mutelist: what this emergency user goes against on purpose, and nothing else of anybody else.
# Use it with: prowler aws -w mutelist.yaml
"""
NOTHING = "# No check has found an expected exception yet, so nothing is muted.\n"


@dataclass(frozen=True, slots=True)
class Muted:
    """A check of Prowler, the check of ours that must have found the exception, and how Prowler names the resource.

    ``tagged`` is False where Prowler's finding carries no tags: a condition on tags would never match there.
    """

    id: str
    check: str
    resource: str
    tagged: bool = True


SCANNER_CHECKS = (
    Muted("iam_inline_policy_no_administrative_privileges", "inline-policy", f"/{INLINE_POLICY_NAME}", tagged=False),
    Muted("iam_policy_attached_only_to_group_or_roles", "inline-policy", f"/{INLINE_POLICY_NAME}"),
    Muted("iam_user_accesskey_unused", "last-use", "/AccessKey[12]"),
    Muted("iam_user_console_access_unused", "last-use", ""),
)


def mutelist(document: dict[str, Any]) -> str:
    """The YAML for the report ``document``. Every text in it is a quoted scalar, so nothing foreign is YAML."""
    account, user = document["run"]["account_id"], document["user"]["name"]
    reasons = dict(_exceptions(document))
    muted = [one for one in SCANNER_CHECKS if one.check in reasons and account and user]
    if not muted:
        return f"{HEAD}{NOTHING}Mutelist:\n  Accounts: {{}}\n"
    lines = [f"{HEAD}Mutelist:", "  Accounts:", f"    {_quoted(account)}:", "      Checks:"]
    for one in muted:
        lines += [
            f"        {_quoted(one.id)}:",
            '          Regions: ["*"]',
            f"          Resources: [{_quoted(f'^{re.escape(user)}{one.resource}$')}]",
            *([f"          Tags: [{_quoted(TAG)}]"] if one.tagged else []),
            f"          Description: {_quoted(reasons[one.check])}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A double-quoted scalar: JSON of printable text is YAML."""
    return json.dumps(show(text), ensure_ascii=False)


def _exceptions(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The checks that found an expected exception, each with its reason. What failed is not muted."""
    reasons = {
        f"{one['standard']} {one['id']}": one["text"]
        for one in document["compliance"]
        if one["standing"] == "expected-exception"
    }
    for check in document["checks"]:
        excused = [reasons[control] for control in check["controls"] if control in reasons]
        if excused and check["status"] in ("pass", "warn"):
            yield check["id"], excused[0]

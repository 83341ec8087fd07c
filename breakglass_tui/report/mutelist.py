"""A mutelist for the scanner Prowler. It mutes only the checks of Prowler that this user fails on purpose.

The format follows Prowler's documentation. Account, check, Region, resource and tags must all match. Resources and tags
are regular expressions that match anywhere in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.text import show
from breakglass_tui.report.place_note import place_note

TAG = "breakglass-tui:managed=true"
HEAD = """\
# Prowler mutelist: the controls that this emergency user breaks on purpose. No other finding is muted.
# Use it with: prowler aws -w mutelist.yaml
"""
EMPTY = "# No check found an expected exception, so nothing is muted.\n"


@dataclass(frozen=True, slots=True)
class MutedCheck:
    """A check of Prowler that can be muted. ``id`` is its id in Prowler.

    ``check`` is the id of our check that must find the exception. ``resource`` is a pattern for the end of the resource
    name in Prowler. ``tagged`` is False if Prowler's finding has no tags, so that a condition on tags would never
    match.
    """

    id: str
    check: str
    resource: str
    tagged: bool = True


SCANNER_CHECKS = (
    MutedCheck(
        "iam_inline_policy_no_administrative_privileges", "inline-policy", f"/{INLINE_POLICY_NAME}", tagged=False
    ),
    MutedCheck("iam_policy_attached_only_to_group_or_roles", "inline-policy", f"/{INLINE_POLICY_NAME}"),
    MutedCheck("iam_user_accesskey_unused", "last-use", "/AccessKey[12]"),
    MutedCheck("iam_user_console_access_unused", "last-use", ""),
)


def mutelist(document: dict[str, Any]) -> str:
    """Return the mutelist in YAML for the report ``document``.

    It mutes nothing if no check found an expected exception.

    Each external text is a quoted scalar, so that it cannot add YAML.
    """
    account, user = document["run"]["account_id"], document["user"]["name"]
    note, reasons = place_note(document["run"]), dict(_exceptions(document))
    head = f"{HEAD}# {note.mark}: {show(note.text)}\n" if note else HEAD
    muted = [one for one in SCANNER_CHECKS if one.check in reasons and account and user]
    if not muted:
        return f"{head}{EMPTY}Mutelist:\n  Accounts: {{}}\n"
    lines = [f"{head}Mutelist:", "  Accounts:", f"    {_quoted(account)}:", "      Checks:"]
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
    """Return ``text`` as a double-quoted YAML scalar. Printable text in JSON is valid YAML."""
    return json.dumps(show(text), ensure_ascii=False)


def _exceptions(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the id of each check that found an expected exception, with the reason. A failed check is left out."""
    reasons = {
        f"{one['standard']} {one['id']}": one["text"]
        for one in document["compliance"]
        if one["standing"] == "expected-exception"
    }
    for check in document["checks"]:
        excused = [reasons[control] for control in check["controls"] if control in reasons]
        if excused and check["status"] in ("pass", "warn"):
            yield check["id"], excused[0]

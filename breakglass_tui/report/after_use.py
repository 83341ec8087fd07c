"""The runbook's last part: a user that was used is sealed anew, and what it did is looked at."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine

WHO = "________________"
"""To be filled in by hand."""


def after_use(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Write down, sign out, rotate what was opened, review, validate."""
    request, user = document["request"], shlex.quote(document["user"]["name"])
    access = request.get("access")
    yield RunbookLine(f"Used by {WHO}  on {WHO}  because of {WHO}")
    yield RunbookLine(
        "Sign out everywhere. A session that is open goes on for up to 12 hours, whatever is changed here."
    )
    if access != "programmatic":
        yield RunbookLine(
            "Give it a new password in the IAM console (Users, its name, Security credentials), and seal that."
        )
    if access != "console":
        yield from _rotate(user, facts.get("access_key_id", ""))
    if request.get("mfa") == "sealed":
        yield RunbookLine("If the seed was opened: put another MFA device in the place of this one, and seal its seed.")
    yield RunbookLine(
        "Look at what was done within 90 days, in every Region that was used, also by roles:", _look(document)
    )
    yield RunbookLine(
        "Validate it again, and print this page anew:", f"breakglass-tui validate --user-name {user} --out DIR"
    )


def _rotate(user: str, id: str) -> Iterator[RunbookLine]:
    """The new secret goes into an envelope at once, never onto the screen."""
    yield RunbookLine(
        "Make a new access key, and seal it as it comes:",
        f"aws iam create-access-key --user-name {user} | age -a -r RECIPIENT > new.access-key.age",
    )
    old = shlex.quote(id) if id else "OLD"
    yield RunbookLine(
        "Once the new one was opened and works, take the old one away:",
        f"aws iam delete-access-key --user-name {user} --access-key-id {old}",
    )


def _look(document: Mapping[str, Any]) -> str:
    wanted = json.dumps([{"AttributeKey": "Username", "AttributeValue": document["user"]["name"]}])
    region = shlex.quote(document["run"]["region"] or "REGION")
    return f"aws cloudtrail lookup-events --region {region} --lookup-attributes {shlex.quote(wanted)}"

"""The last section of the runbook: replace the used credentials, and review what the user did."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine

BLANK = "________________"
"""A space to fill in by hand."""


def after_use_steps(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Yield the steps: record the use, sign out, replace the credentials, review, validate."""
    request, name = document["request"], document["user"]["name"]
    user = shlex.quote(name)
    access = request.get("access")
    yield RunbookLine(f"Record the use. By: {BLANK}  Date: {BLANK}  Reason: {BLANK}")
    yield RunbookLine("Sign out of every session. An open session stays valid for up to 12 hours, whatever you change.")
    if access != "programmatic":
        yield RunbookLine(
            f"Set a new console password in the IAM console (Users, {name}, Security credentials). Encrypt it."
        )
    if access != "console":
        yield from _replace_key(user, facts.get("access_key_id", ""))
    if request.get("mfa") == "sealed":
        yield RunbookLine("If the MFA seed was opened: replace the MFA device, and encrypt the new seed.")
    placeholder = "" if document["run"]["region"] else " Replace REGION."
    yield RunbookLine(
        f"Review the calls of the last 90 days in each Region that was used, also those of assumed roles.{placeholder}",
        _review_command(document),
    )
    yield RunbookLine(
        "Validate the user again, and print the new runbook. Replace DIR with a new directory:",
        f"breakglass-tui validate --user-name {user} --out DIR",
    )


def _replace_key(user: str, id: str) -> Iterator[RunbookLine]:
    """Yield the creation of a new key and the deletion of the old one. The new secret is never displayed."""
    yield RunbookLine(
        "Create a new access key, and encrypt it at once. Replace RECIPIENT with the public age key of a custodian:",
        f"aws iam create-access-key --user-name {user} | age -a -r RECIPIENT > new.access-key.age",
    )
    old = shlex.quote(id) if id else "OLD_KEY_ID"
    hint = ":" if id else ". Replace OLD_KEY_ID with the id of the old key:"
    yield RunbookLine(
        f"Open the new envelope and test the new key. Then delete the old key{hint}",
        f"aws iam delete-access-key --user-name {user} --access-key-id {old}",
    )


def _review_command(document: Mapping[str, Any]) -> str:
    lookup = json.dumps([{"AttributeKey": "Username", "AttributeValue": document["user"]["name"]}])
    region = shlex.quote(document["run"]["region"] or "REGION")
    return f"aws cloudtrail lookup-events --region {region} --lookup-attributes {shlex.quote(lookup)}"

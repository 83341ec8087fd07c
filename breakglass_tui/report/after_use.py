"""The last section of the runbook: end all sessions, replace the used credentials, and review what the user did."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.domain.policy import compact
from breakglass_tui.domain.session_deny import SESSION_DENY, session_deny
from breakglass_tui.domain.shell_quoting import option
from breakglass_tui.domain.sign_in import partition_of, sign_in_regions
from breakglass_tui.report.cli_access import PROFILE, region_option
from breakglass_tui.report.runbook_sections import RunbookLine

BLANK = "________________"
"""A blank to fill in by hand."""


def after_use_steps(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Yield the steps after an emergency: record the use, end the sessions, replace the credentials, review, validate.

    ``document`` is the report as JSON. ``facts`` are ids that the run recorded, by name.
    """
    request, name = document["request"], document["user"]["name"]
    user = option("user_name", name)
    access = request.get("access")
    yield RunbookLine(f"Record the use. By: {BLANK}  Date: {BLANK}  Reason: {BLANK}")
    if access != "programmatic":
        yield RunbookLine("Sign out of the console and of the command line:", f"aws logout --profile {PROFILE}")
    yield from _end_sessions(document)
    if access != "programmatic":
        yield RunbookLine(
            "Set a new password in the IAM console, and encrypt it. This also ends the sessions of aws login."
        )
    if access != "console":
        yield from _replace_key(f"{user}{region_option(document)}", facts.get("access_key_id", ""))
    if request.get("mfa") == "sealed":
        yield RunbookLine("If the MFA seed was opened: replace the MFA device, and encrypt the new seed.")
    yield from _review(document)
    yield RunbookLine("After 36 hours, delete the deny. Until then, a validation reports it:", _delete_denies(document))
    yield RunbookLine(
        "Validate the user again, and print the new runbook. Replace DIR with a new directory:",
        f"breakglass-tui validate {user} --out DIR",
    )


def _end_sessions(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    """Yield the step that denies everything to sessions that started before its command runs.

    A changed policy takes effect in up to a few minutes, also for open sessions. A session of GetSessionToken lasts up
    to 36 hours. Source: IAM User Guide, "Disabling permissions for temporary security credentials".
    """
    name, role = document["user"]["name"], document["request"].get("role_arn")
    deny = f'--policy-name {SESSION_DENY} --policy-document "$deny"{region_option(document)}'
    command = f"deny={_deny()} && aws iam put-user-policy {option('user_name', name)} {deny}"
    others = ""
    if role:
        command += f" && aws iam put-role-policy {_role_option(role)} {deny}"
        others = " On the role, it also ends the sessions of others."
    yield RunbookLine(
        "Close the shell. As an administrator, end open sessions: they last up to 36 hours, and a deny ends them in "
        f"minutes. It does not affect the access key.{others}",
        command,
    )


def _deny() -> str:
    """Return the policy document as a shell word. When the command runs, the shell inserts the current time in UTC."""
    return shlex.quote(compact(session_deny("NOW"))).replace("NOW", "'\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"'")


def _delete_denies(document: Mapping[str, Any]) -> str:
    name, role = document["user"]["name"], document["request"].get("role_arn")
    policy = f"--policy-name {SESSION_DENY}{region_option(document)}"
    command = f"aws iam delete-user-policy {option('user_name', name)} {policy}"
    return f"{command} && aws iam delete-role-policy {_role_option(role)} {policy}" if role else command


def _role_option(role_arn: str) -> str:
    return option("role_name", role_arn.rsplit("/", 1)[-1])


def _replace_key(options: str, id: str) -> Iterator[RunbookLine]:
    """Yield the steps that create a new access key and delete the old one. No step displays the new secret.

    ``options`` are the options of the commands. ``id`` is the id of the old key, or empty.
    """
    yield RunbookLine(
        "Create a new access key, and encrypt it at once. Replace RECIPIENT with the public age key of a custodian:",
        f"aws iam create-access-key {options} | age -a -r RECIPIENT > new.access-key.age",
    )
    old = shlex.quote(id) if id else "OLD_KEY_ID"
    hint = ":" if id else ". Replace OLD_KEY_ID with the id of the old key:"
    yield RunbookLine(
        f"Open the new envelope and test the new key. Then delete the old key{hint}",
        f"aws iam delete-access-key --access-key-id {old} {options}",
    )


def _review(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    """Yield the step that looks up the user's calls in every Region that can have recorded them.

    CloudTrail records a call in its own Region. It records IAM calls, and sign-ins at the global endpoint, in other
    Regions (CloudTrail User Guide, "Viewing recent management events with the AWS CLI" and "Global service events").
    """
    run = document["run"]
    partition = partition_of(document["user"]["arn"], run["caller_arn"], region=run["region"])
    regions = " ".join(map(shlex.quote, sign_in_regions(partition, run["region"]))) or "REGION"
    lookup = shlex.quote(json.dumps([{"AttributeKey": "Username", "AttributeValue": document["user"]["name"]}]))
    placeholder = "Replace REGION" if regions == "REGION" else "Add every other Region that was used"
    session = " A session of the role has the name of the user." if document["request"].get("role_arn") else ""
    command = f'aws cloudtrail lookup-events --region "$region" --lookup-attributes {lookup}'
    loop = "; ".join((f"for region in {regions}", f"do {command}", "done"))
    yield RunbookLine(f"Review the calls of the last 90 days.{session} {placeholder}:", loop)

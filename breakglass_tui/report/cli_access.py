"""The runbook's way in by the command line: what to type, in order."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine

SESSION_S = 3600


def command_line(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Sign in with the password or the access key, with MFA where it is demanded, and switch to the role."""
    request, region = document["request"], _region(document)
    access = request.get("access")
    if access != "programmatic":
        yield RunbookLine(
            "With the password (AWS CLI 2.32.0 or newer; sign in as above in the browser):", f"aws login{region}"
        )
    if access != "console":
        yield from _with_key(facts)
        yield from _with_mfa(request, facts, region)
    arn = document["user"]["arn"]
    answer = f"It must answer with {arn}:" if arn else "It must answer with the ARN of this user:"
    yield RunbookLine(answer, f"aws sts get-caller-identity{region}")
    role = request.get("role_arn")
    if role:
        assume = f"aws sts assume-role --role-arn {shlex.quote(role)} --role-session-name emergency{region}"
        yield RunbookLine(
            f"To act as the role{_role_mfa(request, facts)}; export the three values that it answers:", assume
        )


def _with_key(facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    id = facts.get("access_key_id", "")
    yield RunbookLine(
        f"With the access key {id or '(its id is in the envelope)'}; the secret is typed unseen and in no history:",
        f"unset AWS_PROFILE AWS_SESSION_TOKEN; export AWS_ACCESS_KEY_ID={shlex.quote(id) if id else 'ID'}; "
        "read -rs AWS_SECRET_ACCESS_KEY; export AWS_SECRET_ACCESS_KEY",
    )


def _with_mfa(request: Mapping[str, Any], facts: Mapping[str, str], region: str) -> Iterator[RunbookLine]:
    if request.get("mfa") == "none" or request.get("require_mfa") is False:
        return
    serial = facts.get("mfa_serial", "")
    session = (
        f"aws sts get-session-token --serial-number {shlex.quote(serial) if serial else 'SERIAL'}"
        f" --token-code CODE --duration-seconds {SESSION_S}{region}"
    )
    needed = (
        "MFA is required: the key alone may do nothing else." if request.get("require_mfa") else "If MFA is required:"
    )
    yield RunbookLine(f"{needed} CODE is what the device shows; export the three values that it answers:", session)


def _role_mfa(request: Mapping[str, Any], facts: Mapping[str, str]) -> str:
    """What a role may demand of the plain key; one that MFA opened before carries it."""
    if request.get("access") == "console" or request.get("mfa") == "none" or request.get("require_mfa") is not False:
        return ""
    serial = facts.get("mfa_serial", "")
    return f" (if it wants MFA, add --serial-number {shlex.quote(serial) if serial else 'SERIAL'} --token-code CODE)"


def _region(document: Mapping[str, Any]) -> str:
    region = document["run"]["region"]
    return f" --region {shlex.quote(region)}" if region else ""

"""The section of the runbook for the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine

SESSION_S = 3600
USE_SESSION = (
    " --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)"
    ' && read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<< "$session"'
    " && export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
)
"""Ends a command that starts with ``session=$(``. If the call fails, the credentials in use stay the same."""


def command_line_steps(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Yield the steps: sign in with the password or the access key, get an MFA session, switch to the role."""
    request, region = document["request"], _region(document)
    access = request.get("access")
    password, key = ("", "") if access in ("programmatic", "console") else ("Option A: ", "Option B: ")
    if access != "programmatic":
        yield RunbookLine(
            f"{password}Sign in with the password in the browser, as above (AWS CLI 2.32.0 or newer):",
            f"aws login{region}",
        )
    if access != "console":
        yield _key_step(facts, key)
        yield from _mfa_session_step(request, facts, key, region)
    arn = document["user"]["arn"]
    expected = arn or "the ARN of this user"
    yield RunbookLine(
        f"Check your identity. The answer must contain {expected}:", f"aws sts get-caller-identity{region}"
    )
    role = request.get("role_arn")
    if role:
        assume = f"aws sts assume-role --role-arn {shlex.quote(role)} --role-session-name emergency{region}"
        yield RunbookLine(
            f"To switch to the role, run this command{_role_mfa(request, facts)}", f"session=$({assume}{USE_SESSION}"
        )


def _key_step(facts: Mapping[str, str], option: str) -> RunbookLine:
    id = facts.get("access_key_id", "")
    name = f"access key {id}" if id else "access key. Replace KEY_ID with its id from the envelope"
    return RunbookLine(
        f"{option}Sign in with the {name}. Run this command, then paste the secret key. It is not displayed:",
        f"unset AWS_PROFILE AWS_SESSION_TOKEN && export AWS_ACCESS_KEY_ID={shlex.quote(id) if id else 'KEY_ID'}"
        " && read -rs AWS_SECRET_ACCESS_KEY && export AWS_SECRET_ACCESS_KEY",
    )


def _mfa_session_step(
    request: Mapping[str, Any], facts: Mapping[str, str], option: str, region: str
) -> Iterator[RunbookLine]:
    if request.get("mfa") == "none" or request.get("require_mfa") is False:
        return
    call = f"aws sts get-session-token{_mfa_options(facts)} --duration-seconds {SESSION_S}{region}"
    condition = "MFA is required." if request.get("require_mfa") else "Skip this step if MFA is not required."
    serial = "" if facts.get("mfa_serial") else "SERIAL with the ARN of the MFA device and "
    text = f"{option}{condition} Replace {serial}CODE with the current code of the device, then run this command:"
    yield RunbookLine(text, f"session=$({call}{USE_SESSION}")


def _role_mfa(request: Mapping[str, Any], facts: Mapping[str, str]) -> str:
    """Return the end of the sentence, with the MFA options for the role. An MFA session needs none."""
    if request.get("access") == "console" or request.get("mfa") == "none" or request.get("require_mfa") is not False:
        return ":"
    return f". If the role requires MFA, replace CODE and add after assume-role:{_mfa_options(facts)}"


def _mfa_options(facts: Mapping[str, str]) -> str:
    serial = facts.get("mfa_serial", "")
    return f" --serial-number {shlex.quote(serial) if serial else 'SERIAL'} --token-code CODE"


def _region(document: Mapping[str, Any]) -> str:
    region = document["run"]["region"]
    return f" --region {shlex.quote(region)}" if region else ""

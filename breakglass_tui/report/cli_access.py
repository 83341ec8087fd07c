"""The section of the runbook for the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine

PROFILE = "break-glass"
"""The profile of ``aws login``. It refuses a profile with other credentials, such as the default one of most machines.

Source: AWS CLI 2.32, customizations/login/login.py, ensure_profile_does_not_have_existing_credentials.
"""
CLEARED = "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN -u AWS_PROFILE"
"""Runs a command without the credentials of the shell."""
SESSION_S = 3600
NAMES = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
USE_SESSION = (
    " --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)"
    f' && read -r {NAMES} <<< "$session" && export '
)
"""Ends a command that starts with ``session=$(``. If the call fails, the credentials in use stay the same.

What was not exported before follows: all three after ``aws login``, and only the token after the step of the key.
"""
AFTER_LOGIN, AFTER_KEY = f"{USE_SESSION}{NAMES}", f"{USE_SESSION}AWS_SESSION_TOKEN"
SHORTEST_SESSION_NAME = 2
"""Characters of a role session name, at least (STS API, AssumeRole)."""


def command_line_steps(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Yield the steps: sign in with the password or the access key, get an MFA session, switch to the role."""
    access = document["request"].get("access")
    password, key = ("", "") if access in ("programmatic", "console") else ("Option A: ", "Option B: ")
    if access != "programmatic":
        yield from _password_steps(document, password)
    if access != "console":
        yield from _key_steps(document, facts, key)


def _password_steps(document: Mapping[str, Any], option: str) -> Iterator[RunbookLine]:
    """Yield ``aws login`` and the commands of its profile.

    No document says whether the credentials of ``aws login`` carry the MFA of the browser. The guardrail exempts the
    two actions that return them, and applies to the credentials. So this step names the console as the other way.
    """
    request, options = document["request"], f" --profile {PROFILE}{region_option(document)}"
    denied = " If AWS denies it, use the console." if request.get("require_mfa") else ""
    yield RunbookLine(
        f"{option}Sign in with the password (AWS CLI 2.32.0 or newer). Without a browser, add --remote after login."
        f"{denied} {_expected(document)}",
        f"{CLEARED} aws login{options} && aws sts get-caller-identity{options}",
    )
    if request.get("role_arn"):
        yield RunbookLine(f"{option}To switch to the role:", _assume(document, options) + AFTER_LOGIN)


def _key_steps(document: Mapping[str, Any], facts: Mapping[str, str], option: str) -> Iterator[RunbookLine]:
    request, region = document["request"], region_option(document)
    id = facts.get("access_key_id", "")
    name = f"access key {id}" if id else "access key. Replace KEY_ID with its id from the envelope"
    yield RunbookLine(
        f"{option}Sign in with the {name}. Paste the secret key when the command waits. It is not displayed. "
        + ("The answer is as above:" if option else _expected(document)),
        f"unset AWS_PROFILE AWS_SESSION_TOKEN && export AWS_ACCESS_KEY_ID={shlex.quote(id) if id else 'KEY_ID'}"
        " && read -rs AWS_SECRET_ACCESS_KEY && export AWS_SECRET_ACCESS_KEY && aws sts get-caller-identity" + region,
    )
    if request.get("mfa") != "none" and request.get("require_mfa") is not False:
        yield _mfa_session_step(document, facts, option)
    if request.get("role_arn"):
        yield RunbookLine(f"{option}To switch to the role:", _assume(document, region) + AFTER_KEY)
        if request.get("mfa") != "none" and request.get("require_mfa") is False:
            yield RunbookLine(
                f"{option}If the role requires MFA, replace {_placeholders(facts)} and run this command instead:",
                _assume(document, f"{_mfa_options(facts)}{region}") + AFTER_KEY,
            )


def _expected(document: Mapping[str, Any]) -> str:
    return f"The answer must contain {document['user']['arn'] or 'the ARN of this user'}:"


def _mfa_session_step(document: Mapping[str, Any], facts: Mapping[str, str], option: str) -> RunbookLine:
    call = f"aws sts get-session-token{_mfa_options(facts)} --duration-seconds {SESSION_S}{region_option(document)}"
    condition = "MFA is required." if document["request"].get("require_mfa") else "Skip this if MFA is not required."
    text = f"{option}{condition} Replace {_placeholders(facts)}, then run this command:"
    return RunbookLine(text, f"session=$({call}{AFTER_KEY}")


def _assume(document: Mapping[str, Any], options: str) -> str:
    role = shlex.quote(document["request"]["role_arn"])
    name = shlex.quote(session_name(document["user"]["name"]))
    return f"session=$(aws sts assume-role --role-arn {role} --role-session-name {name}{options}"


def session_name(user_name: str) -> str:
    """Return the name of the role session: that of the user, so that one lookup in CloudTrail finds both.

    LookupEvents shows the session name as the user name of an assumed role (AWS CLI examples, lookup-events).
    """
    return user_name if len(user_name) >= SHORTEST_SESSION_NAME else f"emergency-{user_name}"


def _placeholders(facts: Mapping[str, str]) -> str:
    """Return what to replace in a command with ``_mfa_options``."""
    code = "CODE with the current code of the device"
    return code if facts.get("mfa_serial") else f"SERIAL with the ARN of the MFA device and {code}"


def _mfa_options(facts: Mapping[str, str]) -> str:
    serial = facts.get("mfa_serial", "")
    return f" --serial-number {shlex.quote(serial) if serial else 'SERIAL'} --token-code CODE"


def region_option(document: Mapping[str, Any]) -> str:
    """Return the option with the Region. Without one, IAM too is called in the partition ``aws``, or not at all."""
    region = document["run"]["region"]
    return f" --region {shlex.quote(region)}" if region else ""

"""The section of the runbook about the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.domain.shell_quoting import option
from breakglass_tui.report.runbook_sections import RunbookLine

PROFILE = "break-glass"
"""The profile for ``aws login``, which refuses a profile that has other credentials, as many default profiles have.

Source: AWS CLI 2.32, customizations/login/login.py, ensure_profile_does_not_have_existing_credentials.
"""
CLEARED = "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN -u AWS_PROFILE"
"""The prefix that runs a command without the credentials in the environment of the shell."""
SESSION_S = 3600
NAMES = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
USE_SESSION = (
    " --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)"
    f' && read -r {NAMES} <<< "$session" && export '
)
"""The end of a command that starts with ``session=$(``. It puts the new credentials into shell variables.

If the call fails, the current credentials stay the same. The names of the variables to export must follow.
"""
AFTER_LOGIN, AFTER_KEY = f"{USE_SESSION}{NAMES}", f"{USE_SESSION}AWS_SESSION_TOKEN"
SHORTEST_SESSION_NAME = 2
"""The fewest characters of a role session name. Source: STS API, AssumeRole."""


def command_line_steps(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    """Yield the steps: sign in with the password or the access key, get an MFA session, switch to the role.

    ``document`` is the report as JSON. ``facts`` are ids that the run recorded, by name.
    """
    access = document["request"].get("access")
    password, key = ("", "") if access in ("programmatic", "console") else ("Option A: ", "Option B: ")
    if access != "programmatic":
        yield from _password_steps(document, password)
    if access != "console":
        yield from _key_steps(document, facts, key)


def _password_steps(document: Mapping[str, Any], option: str) -> Iterator[RunbookLine]:
    """Yield the steps for ``aws login``. Each text starts with ``option``, such as ``Option A: ``, or with nothing.

    AWS does not document whether credentials of ``aws login`` carry the MFA of the browser. If they do not, the user's
    MFA statement denies them. So the text names the console as the alternative.
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
    name = option("role_session_name", session_name(document["user"]["name"]))
    return f"session=$(aws sts assume-role --role-arn {role} {name}{options}"


def session_name(user_name: str) -> str:
    """Return the session name to use when the user assumes a role: the user name.

    LookupEvents shows the session name of an assumed role as its user name (AWS CLI examples, lookup-events). So one
    lookup finds the calls of the user and of its sessions. A name of one character gets a prefix.
    """
    return user_name if len(user_name) >= SHORTEST_SESSION_NAME else f"emergency-{user_name}"


def _placeholders(facts: Mapping[str, str]) -> str:
    """Return the list of placeholders in ``_mfa_options`` and their values, as text after the word Replace."""
    code = "CODE with the current code of the device"
    return code if facts.get("mfa_serial") else f"SERIAL with the ARN of the MFA device and {code}"


def _mfa_options(facts: Mapping[str, str]) -> str:
    serial = facts.get("mfa_serial", "")
    return f" --serial-number {shlex.quote(serial) if serial else 'SERIAL'} --token-code CODE"


def region_option(document: Mapping[str, Any]) -> str:
    """Return the option ``--region`` with a leading space, or an empty string if the report has no Region.

    Without the option, the AWS CLI calls the partition ``aws`` even for IAM, or fails.
    """
    region = document["run"]["region"]
    return f" --region {shlex.quote(region)}" if region else ""

"""The runbook's ways to sign in, and how a use ends."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

import pytest
from pasting import commands_of

MFA = "arn:aws:iam::123456789012:mfa/bg-alice-00aa"


def commands(text):
    return [command.strip() for command in commands_of(text)]


@pytest.mark.parametrize(("code", "expected"), [("123456", "NEW SECRET TOKEN"), ("000000", "OLD OLD")])
def test_a_session_replaces_the_credentials_only_if_aws_returns_one(runbook_text, finished, tmp_path, code, expected):
    finished.facts.update(mfa_serial=MFA, access_key_id="AKIAEXAMPLE")
    text = runbook_text(access="programmatic", mfa="sealed", require_mfa=True)
    (session,) = [one for one in commands(text) if "get-session-token" in one]
    aws = tmp_path / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text("#!/bin/sh\ncase \"$*\" in *000000*) exit 254;; esac\nprintf 'NEW\\tSECRET\\tTOKEN\\n'\n")
    aws.chmod(0o700)
    environment = {
        "PATH": f"{aws.parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_ACCESS_KEY_ID": "OLD",
        "AWS_SECRET_ACCESS_KEY": "OLD",
    }
    shown = "echo $(printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN)"
    command = f"{session.replace('CODE', code)}\n{shown}"
    ran = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == expected


def test_a_role_that_the_console_cannot_switch_to_is_named(runbook_text):
    text = runbook_text(role_arn=f"arn:aws:iam::123456789012:role/{'p' * 80}/Em")
    assert "switchrole" not in text
    assert "The console cannot switch to the role" in text
    assert any("assume-role" in one for one in commands(text))


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        ({"access": "both", "mfa": "sealed", "require_mfa": False}, True),
        ({"access": "both", "mfa": "sealed", "require_mfa": True}, False),
        ({"access": "programmatic", "mfa": "none", "require_mfa": False}, False),
        ({"access": "console", "mfa": "sealed", "require_mfa": False}, False),
    ],
)
def test_a_role_that_can_require_mfa_has_a_complete_command_for_a_plain_key(runbook_text, finished, request_, shown):
    finished.facts.update(mfa_serial=MFA)
    role = "arn:aws:iam::123456789012:role/Em"
    text = runbook_text(**request_, role_arn=role)
    options = f"--role-arn {role} --role-session-name bg-alice --serial-number {MFA} --token-code CODE"
    assert any(options in one for one in commands(text)) is shown
    assert ("If the role requires MFA, replace CODE" in text) is shown


@pytest.mark.parametrize(("name", "session"), [("bg-alice", "bg-alice"), ("x", "emergency-x")])
def test_the_role_session_has_the_name_of_the_user_so_that_one_lookup_finds_both(runbook_text, name, session):
    shown = commands(runbook_text(access="programmatic", user_name=name, role_arn="arn:aws:iam::123456789012:role/Em"))
    (assume,) = [one for one in shown if "assume-role" in one]
    assert f"--role-session-name {session} " in assume
    (lookup,) = [one for one in shown if "lookup-events" in one]
    assert f'"AttributeValue": "{name}"' in lookup


@pytest.mark.parametrize(
    ("arn", "region", "regions"),
    [
        (
            "arn:aws:iam::123456789012:user/bg-alice",
            "eu-west-1",
            "us-east-1 us-east-2 eu-north-1 ap-southeast-2 eu-west-1",
        ),
        ("arn:aws-us-gov:iam::1:user/bg-alice", "us-gov-east-1", "us-gov-west-1 us-gov-east-1"),
        ("arn:aws-moon:iam::1:user/bg-alice", "", "REGION"),
    ],
)
def test_the_review_covers_the_region_of_iam_and_each_region_of_a_sign_in(runbook_text, finished, arn, region, regions):
    finished.facts["user_arn"] = arn
    finished.header = replace(finished.header, region=region)
    text = runbook_text()
    (lookup,) = [one for one in commands(text) if "lookup-events" in one]
    assert lookup.startswith(f'for region in {regions}; do aws cloudtrail lookup-events --region "$region"')
    assert ("Replace REGION" in text) is (regions == "REGION")


@pytest.mark.parametrize("role", ["", "arn:aws:iam::123456789012:role/x/Em"])
def test_a_deny_ends_the_sessions_of_the_user_and_of_the_role(runbook_text, role):
    text = runbook_text(role_arn=role)
    (deny,) = [one for one in commands(text) if "AWSRevokeOlderSessions" in one and "put-" in one]
    (delete,) = [one for one in commands(text) if "delete-user-policy" in one]
    assert '"DateLessThan":{"aws:TokenIssueTime":' in deny
    assert "IfExists" not in deny
    assert ("put-role-policy --role-name Em" in deny) is bool(role)
    assert ("delete-role-policy --role-name Em" in delete) is bool(role)
    assert "up to 36 hours" in text


@pytest.mark.parametrize(
    ("arn", "region", "shown", "hidden"),
    [
        ("arn:aws-moon:iam::1:user/x", "eu-west-1", "sign-in address is unknown", "https://"),
        ("", "moon-1", "sign-in address is unknown", "https://"),
        ("arn:aws-iso:iam::1:user/x", "", "https://us-iso-east-1.signin.c2shome.ic.gov/", "Do not search"),
        ("arn:aws-iso:iam::1:user/x", "", "AWS documents no page there, so test it in advance", "aws.amazon.com"),
        ("arn:aws-eusc:iam::1:user/x", "", "https://eusc-de-east-1.signin.amazonaws-eusc.eu/", "aws.amazon.com"),
        ("arn:aws-us-gov:iam::1:user/x", "", "https://us-gov-east-1.signin.amazonaws-us-gov.com/", "aws.amazon.com"),
        ("arn:aws-cn:iam::1:user/x", "", "no address in another Region is known", "aws.amazon.com"),
    ],
)
def test_no_partition_gets_an_address_of_another_one(runbook_text, finished, arn, region, shown, hidden):
    finished.facts["user_arn"] = arn
    finished.header = replace(finished.header, region=region, caller_arn=arn)
    text = runbook_text(access="console")
    assert shown in text
    assert hidden not in text


def test_a_role_without_a_documented_address_is_reached_in_the_console(runbook_text):
    text = runbook_text(role_arn="arn:aws-eusc:iam::123456789012:role/Em")
    assert "choose Switch role in the menu of the console" in text
    assert "switchrole" not in text

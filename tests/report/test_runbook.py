"""The runbook: exact about known facts, and clear about unknown ones."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from markdown_it import MarkdownIt

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import FirstSignInDone
from breakglass_tui.report.export import export
from breakglass_tui.report.markdown import markdown
from breakglass_tui.report.open_commands import open_commands, open_with_program
from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_markdown, runbook_page
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.envelope_files import Envelopes

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MFA = "arn:aws:iam::123456789012:mfa/bg-alice-00aa"


def commands(text):
    return re.findall(r"```\n\s*(.*?)\n\s*```", text)


def test_everything_in_the_request_has_its_command(runbook_text, finished):
    finished.facts.update(mfa_serial=MFA, access_key_id="AKIAEXAMPLE")
    text = runbook_text(access="both", mfa="sealed", require_mfa=True, role_arn="arn:aws:iam::123456789012:role/x/Em")
    shown = commands(text)
    assert "https://123456789012.signin.aws.amazon.com/console" in shown
    assert "https://123456789012.signin.aws.amazon.com/console?region=eu-west-1" in shown
    assert "https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=x/Em" in shown
    assert "https://eu-west-1.console.aws.amazon.com/" in shown
    assert (
        "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN -u AWS_PROFILE "
        "aws login --profile break-glass --region eu-west-1 "
        "&& aws sts get-caller-identity --profile break-glass --region eu-west-1"
    ) in shown
    (session,) = [one for one in shown if "get-session-token" in one]
    assert f"--serial-number {MFA} --token-code CODE" in session
    (key,) = [one for one in shown if "AWS_ACCESS_KEY_ID=" in one]
    assert "AWS_ACCESS_KEY_ID=AKIAEXAMPLE" in key
    assert "read -rs AWS_SECRET_ACCESS_KEY" in key
    with_password, with_key = [one for one in shown if "assume-role" in one]
    assert "--role-session-name bg-alice --profile break-glass --region eu-west-1" in with_password
    assert "--role-session-name bg-alice --region eu-west-1" in with_key
    assert "breakglass-tui validate --user-name bg-alice --out DIR" in shown
    assert "1 STEP LEFT" in text
    assert "temporary password must still be changed" in text


def test_what_was_not_requested_is_not_shown(runbook_text):
    console = runbook_text(access="console", mfa="none", password_reset_required=False)
    assert "read -rs" not in console
    assert "get-session-token" not in console
    assert "No MFA device was requested" in console
    assert "get-session-token" not in runbook_text(access="both", mfa="sealed", require_mfa=False)
    key = runbook_text(access="programmatic", mfa="none")
    assert "aws login" not in key
    assert "signin.aws" not in key
    assert "no console password" in key


@pytest.mark.parametrize(
    ("request_", "signed_in", "access", "shown"),
    [
        ({}, False, {"pending": "the reset"}, True),
        ({}, False, {"status": CheckStatus.SKIP}, True),
        ({}, False, {"status": CheckStatus.FAIL}, True),
        ({}, False, {}, False),
        ({}, True, {"pending": "the reset, as it was before"}, False),
        ({"password_reset_required": False}, False, {"status": CheckStatus.SKIP}, False),
    ],
)
def test_a_new_password_is_mentioned_until_the_first_sign_in_is_done(
    finished, tmp_path, request_, signed_in, access, shown
):
    finished.header.request.update(access="console", **request_)
    finished.checks["access"] = replace(finished.checks["access"], **access)
    if signed_in:
        finished.apply(FirstSignInDone(finished.started_at, "login-profile"))
    export(finished, tmp_path / "out")
    for name in ("runbook.md", "runbook.html"):
        text = (tmp_path / "out" / name).read_text()
        assert ("If the page asks for a new password, the one in the envelope is temporary" in text) is shown


def test_unknown_facts_are_named(runbook_text, finished):
    finished.envelopes.clear()
    text = runbook_text()
    assert "Envelopes: unknown" in text
    assert "Device: not known from the run. The last check found: none" in text
    assert "Replace KEY_ID with its id from the envelope" in text.replace("\\", "")
    nothing = RunRecord()
    blank = runbook_markdown(runbook(report_document(nothing), nothing.facts))
    assert "The sign-in address is unknown" in blank
    assert "signin.aws" not in blank


def test_a_secret_without_an_envelope_has_a_blank_to_fill_in(runbook_text):
    text = runbook_text(access="both", mfa="none").replace("\\", "")
    assert re.search(r"Console password: in no envelope of this report. Stored by _{10}", text)
    assert "Access key: in no envelope" not in text


@pytest.mark.parametrize(
    ("status", "says"),
    [(e.RunStatus.UNDONE, "does not exist"), (e.RunStatus.INCOMPLETE, "incomplete"), (e.RunStatus.DONE, "")],
)
def test_an_unfinished_or_rolled_back_run_is_named_first(runbook_text, finished, status, says):
    finished.status = status
    first = runbook_text().split("## Before you start\n\n")[1].splitlines()[0]
    assert says in first
    assert ("Verdict" in first) is (status is e.RunStatus.DONE)


def test_kms_alone_is_a_hazard(runbook_text, finished):
    finished.envelopes[0] = replace(finished.envelopes[0], seals=("kms",), custodians=(KEY,), needs=1)
    assert "If AWS KMS is down" in runbook_text()


def test_the_kms_command_has_the_key_its_region_and_the_exact_context(finished, tmp_path):
    path = str(tmp_path / "bg-alice.password.kms.json")
    finished.envelopes[0] = e.EnvelopeInfo(path, ("password",), ("kms",), "ab" * 32, (KEY,))
    (line,) = open_commands(report_document(finished, tmp_path))  # no custodian with an identity
    words = shlex.split(line.command)
    assert words[words.index("--key-id") + 1] == KEY
    assert words[words.index("--region") + 1] == "eu-west-1"
    assert json.loads(words[words.index("--encryption-context") + 1]) == {
        "app": "breakglass-tui",
        "account": "123456789012",
        "user": "bg-alice",
        "contents": "password",
        "run": "00aa11bb22cc33dd",
    }


@pytest.fixture
def age(tmp_path):
    """Put a simple `age -d -i FILE [FILE]` on the PATH, because the machine may have no age."""
    script = tmp_path / "bin" / "age"
    script.parent.mkdir()
    script.write_text(
        "#!/usr/bin/env python3\nimport sys, pyrage\n"
        "identity = pyrage.x25519.Identity.from_str(open(sys.argv[3]).read().strip())\n"
        "source = open(sys.argv[4], 'rb') if len(sys.argv) > 4 else sys.stdin.buffer\n"
        "sys.stdout.buffer.write(pyrage.decrypt(source.read(), [identity]))\n"
    )
    script.chmod(0o700)
    return script.parent


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (2, 3)])
def test_the_age_commands_open_the_envelopes(finished, tmp_path, age, threshold, count):
    identities = [pyrage.x25519.Identity.generate() for _ in range(3)]
    seals = age_seals([str(one.to_public()) for one in identities], threshold)
    envelopes = Envelopes(tmp_path, account_id="123456789012", run_id="00aa")
    finished.envelopes[:] = envelopes.write("password", {"password": "correct horse"}, seals, user_name="it's; me")
    lines = list(open_commands(report_document(finished, tmp_path)))
    named, lines = lines[:3], lines[3:]
    assert len(lines) == count
    for place, one in enumerate(identities, start=1):
        assert named[place - 1].text == f"ID{place}.txt: the private key (age or SSH) of {one.to_public()}"
        (tmp_path / f"ID{place}.txt").write_text(str(one))
    path = os.pathsep.join([str(age), str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in lines:
        ran = subprocess.run(
            ["sh", "-c", line.command], cwd=tmp_path, env={"PATH": path}, capture_output=True, timeout=60, check=False
        )
        assert json.loads(ran.stdout)["secret"] == {"password": "correct horse"}, ran.stderr


def test_a_passphrase_envelope_needs_the_passphrase(finished, tmp_path):
    info = replace(finished.envelopes[0], seals=("passphrase",), custodians=("passphrase",), needs=1)
    finished.envelopes[0] = info
    (line,) = open_commands(report_document(finished, tmp_path))
    assert line.command == "age -d ./bg-alice.access-key.1+2.age"
    assert "Needs the passphrase." in line.text


def test_external_text_adds_no_markup_in_either_format(runbook_text, finished, nasty):
    finished.header.request.update(user_name=nasty, role_arn=f"arn:aws:iam::1:role/{nasty}")
    finished.facts.update(mfa_serial=nasty, access_key_id=nasty)
    html = MarkdownIt("commonmark").enable("table").render(runbook_text(access="both", mfa="sealed"))
    assert "<script" not in html
    assert "<a " not in html
    assert html.count("<h1>") == 1
    page = runbook_page(runbook(report_document(finished), finished.facts))
    assert "<script" not in page
    assert "\x1b" not in page + html


def test_a_hostile_name_is_one_word_of_a_command(runbook_text, finished, nasty):
    name = "x'; rm -rf $HOME #"
    finished.facts.update(mfa_serial=name, access_key_id=name)
    finished.header = replace(finished.header, region=name)
    typed = commands(runbook_text(access="both", mfa="sealed", user_name=name, role_arn=f"arn:aws:iam::1:role/{name}"))
    assert len(typed) > 8
    for line in typed:
        words = [] if line.startswith("https:") else shlex.split(line)
        assert not {"rm", "-rf", "$HOME", "#"} & set(words), line


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({"demo": True, "endpoint": ""}, "DEMO"),
        ({"endpoint": "http://127.0.0.1:4566", "emulator": True}, "EMULATOR"),
        ({"endpoint": "https://vpce.example.com", "emulator": False}, "CUSTOM ENDPOINT"),
        ({"endpoint": ""}, ""),
    ],
)
def test_whatever_is_not_aws_is_named_at_the_head_of_each_page(finished, fields, mark):
    finished.header = replace(finished.header, **fields)
    document = report_document(finished)
    content = runbook(document, finished.facts)
    pages = [runbook_markdown(content), runbook_page(content), markdown(document), page(document)]
    marks = ("DEMO", "EMULATOR", "CUSTOM ENDPOINT")
    assert [[each for each in marks if each in text] for text in pages] == [[mark] if mark else []] * 4
    assert document["run"]["endpoint"] == (fields["endpoint"] or None)
    for text in pages:
        assert fields["endpoint"].replace(".", "\\.") in text or fields["endpoint"] in text


def test_no_format_contains_a_secret_of_the_run(finished, tmp_path):
    secret = base64.b64encode(b"a secret that was sealed").decode()
    envelopes = Envelopes(tmp_path, account_id="123456789012", run_id="00aa")
    identity = pyrage.x25519.Identity.generate()
    seals = age_seals([str(identity.to_public())])
    finished.envelopes[:] = envelopes.write("password", {"password": secret}, seals, user_name="bg-alice")
    content = runbook(report_document(finished, tmp_path), finished.facts)
    assert secret not in runbook_markdown(content) + runbook_page(content)


def test_a_name_that_starts_with_a_dash_is_no_option(finished, tmp_path):
    finished.header.request.update(user_name="-x", role_arn="arn:aws:iam::123456789012:role/-r", access="both")
    document = report_document(finished, tmp_path)
    for envelope in document["envelopes"]:
        envelope["path"] = f"-x.{Path(envelope['path']).name}"
    text = runbook_markdown(runbook(document, finished.facts))
    commands = [line.strip() for line in text.splitlines() if line.strip().startswith(("age", "aws", "deny", "for"))]
    assert any("./-x." in command for command in commands)
    assert "--user-name=-x" in text
    assert "--role-name=-r" in text
    assert not re.search(r"(?:-name|age -d|ID\d\.txt) -[xr]\b", "\n".join(commands))


@pytest.mark.parametrize(
    ("envelopes", "identities", "text"),
    [
        ([("age", 1)], 1, "With breakglass-tui: replace FILE, and ID.txt with the identity file of one custodian:"),
        (
            [("age", 2)],
            2,
            (
                "With breakglass-tui: replace FILE, "
                "and each ID.txt with the identity file of one of the 2 custodians that FILE needs:"
            ),
        ),
        (
            [("age", 1), ("age", 2), ("kms", 1)],
            1,
            (
                "With breakglass-tui: replace FILE, and ID.txt with the identity file of one custodian. "
                "Repeat --identity if FILE needs 2 of them. A KMS or passphrase envelope needs no --identity:"
            ),
        ),
        ([("kms", 1), ("passphrase", 1)], 0, "With breakglass-tui: replace FILE:"),
    ],
)
def test_the_command_of_this_program_has_as_many_identity_files_as_an_envelope_needs(envelopes, identities, text):
    line = open_with_program([{"seals": [seal], "needs": needs} for seal, needs in envelopes])
    assert (line.text, line.command) == (text, "breakglass-tui open FILE" + " --identity ID.txt" * identities)

"""The description of a file on the start screen: what opens it, or why nothing does."""

from __future__ import annotations

import hashlib
import json
import shlex

import pytest

from breakglass_tui.ui.start.envelope_outside import outside
from breakglass_tui.ui.widgets.paragraphs import text_of

KEY = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
HEAD = b"age-encryption.org/v1\n"
AGE = HEAD + b"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAA\n--- AAAA\n"
SCRYPT = HEAD + b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAA\n--- AAAA\n"


def said(path, program="breakglass-tui --profile night", *, demo=False):
    described = outside(str(path), program, demo=demo)
    return "\n".join([text_of(described.lines), described.command])


@pytest.mark.parametrize(
    ("content", "needs", "option"),
    [(AGE, "Replace FILE with its path", " --identity FILE"), (SCRYPT, "The command asks for it.", "")],
)
def test_the_command_that_opens_it_is_the_one_of_this_account(tmp_path, content, needs, option):
    path = tmp_path / "night shift.age"
    path.write_bytes(content)
    text = said(path)
    assert needs in text
    assert f"breakglass-tui --profile night open{option} {shlex.quote(str(path))}" in text


@pytest.fixture
def kms_envelope(tmp_path):
    path = tmp_path / "password.kms.json"
    path.write_text(json.dumps({"version": 1, "key_arn": KEY, "encryption_context": {}, "ciphertext": "AAAA"}))
    return path


def test_an_envelope_of_kms_says_that_it_needs_aws(kms_envelope):
    text = said(kms_envelope)
    assert "It cannot be opened while AWS is unavailable." in text
    assert KEY in text
    assert "breakglass-tui --profile night open" in text


def test_in_the_demo_an_envelope_of_kms_has_no_command_for_a_new_process(kms_envelope, tmp_path):
    text = said(kms_envelope, "breakglass-tui --demo", demo=True)
    assert "The simulated account that holds the key ends with its process." in text
    assert "breakglass-tui" not in text
    path = tmp_path / "x.age"
    path.write_bytes(AGE)
    assert "breakglass-tui --demo open" in said(path, "breakglass-tui --demo", demo=True)


def test_a_truncated_envelope_has_no_command(tmp_path):
    path = tmp_path / "password.kms.json"
    path.write_text('{"key_arn": "arn')
    assert "✗ The file cannot be opened:" in said(path)
    assert "breakglass-tui" not in said(path)


@pytest.mark.parametrize("path", ["/nowhere/at/all", "~nobody-of-this-name/x", ".", "a\x00b", "\x1b[31m"])
def test_what_is_no_envelope_is_a_problem_in_words(path):
    text = said(path)
    assert text.startswith("✗ ")
    assert "\x1b" not in text


def test_a_home_directory_may_be_written_short(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.age").write_bytes(AGE)
    assert str(tmp_path / "x.age") in said("~/x.age")


@pytest.fixture
def reported(tmp_path):
    """Return ``reported(needs, sha256)``: it writes an envelope and the report that lists it, and returns the path."""

    def write(needs=1, sha256=""):
        path = tmp_path / "bg.password.age"
        path.write_bytes(AGE)
        entry = {
            "path": f"/elsewhere/{path.name}",
            "contents": ["password"],
            "custodians": ["age1alice", "age1bob"],
            "needs": needs,
            "sha256": sha256 or hashlib.sha256(AGE).hexdigest(),
        }
        (tmp_path / "report.json").write_text(json.dumps({"schema_version": 2, "envelopes": [entry]}))
        return path

    return write


def test_contents_and_custodians_come_from_the_report_in_the_directory(reported):
    text = said(reported())
    assert "Contents      Console password" in text
    assert "Encrypted to  age1alice, age1bob" in text
    assert "differs" not in text
    assert text.count("--identity FILE") == 1


def test_custodians_that_must_act_together_have_an_identity_each_in_the_command(reported):
    path = reported(needs=2)
    assert "the identity files of 2 custodians together" in said(path)
    assert said(path).endswith(f" open --identity FILE --identity FILE {path}")


def test_a_file_that_is_not_the_one_in_the_report_is_named(reported):
    assert "This is not the file that the report lists" in said(reported(sha256="0" * 64))


def test_without_a_report_the_contents_are_not_known(tmp_path):
    path = tmp_path / "x.age"
    path.write_bytes(AGE)
    assert "not known: there is no report.json in its directory" in said(path)

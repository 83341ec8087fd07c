"""What is said of a file on the start: what opens it, or why nothing does."""

from __future__ import annotations

import json
import shlex

import pytest

from breakglass_tui.ui.envelope_outside import outside

HEAD = b"age-encryption.org/v1\n"
AGE = HEAD + b"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAA\n--- AAAA\n"
SCRYPT = HEAD + b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAA\n--- AAAA\n"


def said(path, program="breakglass-tui --profile night"):
    return "\n".join(f"{p.head.plain}{p.body.plain}" for p in outside(str(path), program))


@pytest.mark.parametrize(
    ("content", "needs", "option"),
    [(AGE, "the identity file of a custodian", " --identity FILE"), (SCRYPT, "the passphrase, which is asked for", "")],
)
def test_the_command_that_opens_it_is_the_one_of_this_account(tmp_path, content, needs, option):
    path = tmp_path / "night shift.age"
    path.write_bytes(content)
    text = said(path)
    assert needs in text
    assert f"breakglass-tui --profile night open{option} {shlex.quote(str(path))}" in text


def test_an_envelope_of_kms_says_that_it_needs_aws(tmp_path):
    arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    path = tmp_path / "password.kms.json"
    path.write_text(json.dumps({"version": 1, "key_arn": arn, "encryption_context": {}, "ciphertext": "AAAA"}))
    text = said(path)
    assert "it does not open while AWS is down" in text
    assert arn in text


def test_one_that_was_cut_off_is_told_without_a_command(tmp_path):
    path = tmp_path / "password.kms.json"
    path.write_text('{"key_arn": "arn')
    assert "✗ It does not open:" in said(path)
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

from __future__ import annotations

import base64
import hashlib
import secrets

import pyotp
import pyrage
import pytest

from breakglass_tui.redaction import redacted

KEY_ID = "AKIA" + "QYLPMN5H" + "EXAM" + "PLE1"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        base64.b64encode(secrets.token_bytes(30)).decode(),
        base64.b64encode(secrets.token_bytes(300)).decode(),
        pyotp.random_base32(),
        pyotp.random_base32(64),
        str(pyrage.x25519.Identity.generate()),
    ],
    ids=["access key", "as long", "token", "seed", "long seed", "identity"],
)
@pytest.mark.parametrize(
    "around",
    ["{}", "key={} and more", '{{"SecretAccessKey": "{}"}}', "<Seed>{}</Seed>"],
    ids=["alone", "set", "json", "xml"],
)
def test_what_has_the_form_of_a_secret_is_hidden(secret, around):
    text = redacted(around.format(secret))
    assert secret not in text
    assert text == around.format("[hidden]")


def test_four_characters_of_a_key_id_remain():
    assert redacted(f"{KEY_ID} of bg-alice") == "AKIA…PLE1 of bg-alice"
    assert redacted(KEY_ID.replace("AKIA", "ASIA")) == "ASIA…PLE1"


def test_a_password_in_a_url_and_a_seed_in_another_are_hidden():
    assert redacted("via http://me:hunter2@proxy:3128/x") == "via http://[hidden]@proxy:3128/x"
    assert redacted("otpauth://totp/x?secret=ABCD2345&issuer=AWS") == "otpauth://totp/x?secret=[hidden]&issuer=AWS"


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:user/breakglass/break-glass-20261122-a1b2c3",
        "unexpected ValueError at store.py:33",
        hashlib.sha256(b"journal").hexdigest(),
        "request 7b5d1c3a-9f0e-4c56-8a4d-2e1f0b9c8d7e took 30 ms",
        "  at ui/assessment/form.py:164 in text_field",
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    ],
)
def test_ordinary_log_lines_do_not_change(text):
    assert redacted(text) == text

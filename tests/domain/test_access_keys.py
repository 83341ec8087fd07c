"""An access key is recognised in the forms in which AWS gives it out. Names, paths and ARNs are not access keys."""

from __future__ import annotations

import base64
import random
import string

import pytest

from breakglass_tui.domain.access_keys import MASK, NOT_HERE, contains_access_key, has_access_key, is_pasted_key
from breakglass_tui.domain.problems import BadRequest
from breakglass_tui.domain.request import parse_request

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FORMS = (
    f"{KEY_ID} {SECRET}",
    f"{KEY_ID},{SECRET}",
    f"Access key ID,Secret access key\r\n{KEY_ID},{SECRET}\r\n",
    f"ASIA{KEY_ID[4:]}\n{SECRET}",
    f"aws_secret_access_key = {SECRET}",
    f"export AWS_SECRET_ACCESS_KEY='{SECRET}'",
    f'"SecretAccessKey": "{SECRET}"',
    f"[default]\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET}",
)
HARMLESS = (
    "",
    KEY_ID,
    "break-glass-20261122-k7qm3x",
    "BreakGlassEmergencyAdministrator2026Prod",
    "/Users/Alice/Reports2026/Q3/Envelopes/aB",
    "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:iam::123456789012:role/EmergencyAdmin",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "owner=secret access key team",
    f"age1{'q' * 58}",
    f"ssh-ed25519 {base64.b64encode(bytes(51)).decode()} alice@{KEY_ID}",
)


@pytest.mark.parametrize("text", FORMS)
def test_an_access_key_is_recognised(text):
    assert has_access_key(text)
    assert is_pasted_key(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_are_not_access_keys(text):
    assert not has_access_key(text)
    assert not is_pasted_key(text)


def test_a_secret_alone_is_recognised_only_as_a_whole_paste():
    letters, dice = string.ascii_letters + string.digits + "+/", random.Random(7)
    secrets = ["".join(dice.choices(letters, k=40)) for _ in range(1000)]
    found = [text for text in secrets if not text.startswith("/") and is_pasted_key(f"  {text}\n")]
    assert len(found) > 970
    assert not any(has_access_key(text) for text in secrets)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_name", FORMS[0]),
        ("user_name", MASK),
        ("path", FORMS[1]),
        ("groups", ["ops", FORMS[1]]),
        ("tags", {"aws_secret_access_key": SECRET}),
        ("kms_key_id", FORMS[4]),
        ("seal_to", [FORMS[0]]),
        ("aws_secret_access_key", SECRET),
    ],
)
def test_a_request_with_an_access_key_says_so_and_does_not_repeat_it(field, value):
    with pytest.raises(BadRequest) as raised:
        parse_request({"region": "eu-west-1", field: value})
    assert [(error.field, error.message) for error in raised.value.errors] == [(field, NOT_HERE)]
    assert SECRET[:12] not in str(raised.value)


def test_a_value_of_another_type_has_no_access_key():
    assert not any(map(contains_access_key, (None, True, 3, (), {}, {"a": 1}, ["b", ["c"]])))

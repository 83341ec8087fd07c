"""The rules about the choice of seals."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.problems import BadRequest
from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.seals import is_sealed, only_kms, threshold_error

RECIPIENTS = [f"age1{letter * 58}" for letter in "acdefghj"]


@pytest.mark.parametrize("fields", [{"kms_key_id": "alias/a"}, {"seal_to": RECIPIENTS[:1]}, {"seal_passphrase": True}])
def test_any_one_seal_covers_every_secret(fields):
    assert parse_request({"region": "eu-west-1", **fields}).has_seal
    assert is_sealed(fields)


def test_custodians_of_the_seed_do_not_seal_the_password():
    fields = {"seal_mfa_to": RECIPIENTS[:1], "mfa": "sealed"}
    assert not parse_request({"region": "eu-west-1", **fields}).has_seal


@pytest.mark.parametrize(
    ("fields", "only"),
    [
        ({}, False),
        ({"kms_key_id": "alias/a"}, True),
        ({"kms_key_id": "alias/a", "seal_to": RECIPIENTS[:1]}, False),
        ({"kms_key_id": "alias/a", "seal_passphrase": True}, False),
        ({"seal_to": RECIPIENTS[:1]}, False),
    ],
)
def test_only_kms_can_lock_the_custodians_out(fields, only):
    assert parse_request({"region": "eu-west-1", **fields}).only_kms is only
    assert only_kms(fields) is only


@pytest.mark.parametrize(
    ("threshold", "custodians", "word"),
    [(1, 0, ""), (1, 8, ""), (2, 3, ""), (3, 6, ""), (3, 3, ""), (2, 1, "the request names 1"), (4, 8, "70 files")],
)
def test_an_impossible_or_large_threshold_is_refused(threshold, custodians, word):
    error = threshold_error(threshold, custodians)
    assert (word in error) if word else error == ""


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"seal_to": RECIPIENTS[:1], "seal_threshold": 2}, "seal_threshold"),
        ({"seal_threshold": 2}, "seal_threshold"),
        ({"seal_threshold": 0, "seal_to": RECIPIENTS[:2]}, "seal_threshold"),
        ({"seal_threshold": True, "seal_to": RECIPIENTS[:2]}, "seal_threshold"),
        ({"seal_to": RECIPIENTS, "seal_threshold": 4}, "seal_threshold"),
        ({"seal_to": [RECIPIENTS[0], RECIPIENTS[0]]}, "seal_to"),
        ({"seal_to": ["ssh-ed25519 AAAA one", "ssh-ed25519  AAAA  two"], "seal_threshold": 2}, "seal_to"),
        ({"mfa": "sealed", "seal_mfa_to": RECIPIENTS[:1], "seal_mfa_threshold": 2}, "seal_mfa_threshold"),
        ({"seal_passphrase": "hunter2 hunter2 hunter2"}, "seal_passphrase"),
    ],
)
def test_an_error_names_the_field_and_never_repeats_a_value(fields, field):
    with pytest.raises(BadRequest) as caught:
        parse_request({"region": "eu-west-1", **fields})
    assert [error.field for error in caught.value.errors] == [field]
    assert "hunter2" not in caught.value.errors[0].message

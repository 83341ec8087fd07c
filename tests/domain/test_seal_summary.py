from __future__ import annotations

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.seal_summary import seal_summary


def envelope(seal, *custodians, needs=1):
    return EnvelopeInfo("bg.password", ("password",), (seal,), "00", custodians, needs)


def test_each_way_is_named_once_in_the_order_of_the_envelopes():
    assert seal_summary([]) == ()
    assert seal_summary([envelope("age", "a", "b"), envelope("passphrase"), envelope("kms", "arn")]) == (
        "age",
        "passphrase",
        "KMS",
    )


def test_the_envelopes_of_all_pairs_are_one_way_with_all_custodians():
    pairs = [envelope("age", *pair, needs=2) for pair in ("ab", "ac", "bc")]
    assert seal_summary([*pairs, envelope("kms", "arn")]) == ("age (2 of 3)", "KMS")


def test_an_envelope_without_names_of_custodians_has_as_many_as_it_needs():
    assert seal_summary([envelope("age", needs=2)]) == ("age (2 of 2)",)

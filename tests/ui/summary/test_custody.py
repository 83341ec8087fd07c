"""The part "Who can open what" of the Summary, without a screen."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.request import parse_request
from breakglass_tui.ui.summary.custody import CHOOSE_MFA, NOTHING_SEALS, ONLY_KMS, cautions, custody

ANNA = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
BERT = "age1ahxh5x5gms98x34zk9a9fdnvd5wu52yq29m7hgjjd38eq4vef49s0g6wlz"
CARL = "age1445mdttd2g70s8yrle4wa3465g5ek82kadddmtnlsvaau8t4qdmq78h0aa"


def request(**values):
    return parse_request({"region": "eu-west-1", "user_name": "zoe", **values})


def told(**values):
    lines = custody(request(**values))
    return [f"{line.head.plain.strip()}: {line.body.plain}".removeprefix(": ") for line in lines]


def test_each_secret_has_a_line_with_every_way_to_open_it():
    lines = told(access="both", mfa="sealed", seal_to=[ANNA, BERT, CARL], seal_threshold=2, seal_passphrase=True)
    people = f"2 of 3: {', '.join(f'{key[:8]}…{key[-6:]}' for key in (ANNA, BERT, CARL))}"
    assert lines[:3] == [f"{name}: {people}; or the passphrase" for name in ("Password", "Access key", "MFA seed")]


def test_without_a_seal_a_secret_is_only_on_the_screen():
    assert told(mfa="authenticator") == [
        "Password: shown only on the screen, until you confirm that you stored it",
        "MFA seed: only in your authenticator app",
    ]


def test_only_its_own_custodians_can_open_the_seed():
    lines = told(mfa="sealed", kms_key_id="alias/x", seal_to=[ANNA], seal_mfa_to=[BERT, CARL])
    assert lines[0] == f"Password: {ANNA[:8]}…{ANNA[-6:]}; or KMS key alias/x"
    assert lines[1].startswith("MFA seed: any of: ")
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("values", "noted"),
    [
        ({"mfa": "sealed", "seal_to": [ANNA]}, True),
        ({"mfa": "sealed", "seal_to": [ANNA, BERT], "seal_mfa_to": [ANNA]}, True),
        ({"mfa": "sealed", "seal_to": [ANNA], "seal_mfa_to": [BERT]}, False),
        ({"mfa": "none", "seal_to": [ANNA]}, False),
        ({"mfa": "authenticator"}, False),
        ({"mfa": "sealed", "access": "programmatic", "seal_to": [ANNA]}, False),
    ],
)
def test_dual_control_that_is_not_in_force_is_a_note(values, noted):
    assert (
        any("The same people can open both the password and the MFA seed." in line for line in told(**values)) is noted
    )


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({}, [NOTHING_SEALS[0]]),
        ({"kms_key_id": "alias/x"}, [ONLY_KMS[0]]),
        ({"kms_key_id": "alias/x", "seal_passphrase": True}, []),
        ({"seal_to": [ANNA, BERT], "seal_threshold": 2}, []),
        (
            {"seal_to": [ANNA, BERT], "seal_threshold": 2, "kms_key_id": "alias/x"},
            ["The 2-of-2 rule has no effect: the KMS key alone opens the same secrets."],
        ),
        (
            {"seal_to": [ANNA, BERT], "seal_threshold": 2, "kms_key_id": "alias/x", "seal_passphrase": True},
            ["The 2-of-2 rule has no effect: the KMS key and the passphrase each open the same secrets."],
        ),
    ],
)
def test_seals_that_lock_out_or_do_not_help_cause_a_warning(values, warned):
    assert [text for text, _ in cautions(request(mfa="authenticator", **values))] == warned


@pytest.mark.parametrize(("mfa", "warned"), [("none", True), ("authenticator", False), ("sealed", False)])
def test_a_request_without_an_mfa_device_causes_a_warning(mfa, warned):
    found = cautions(request(mfa=mfa, seal_to=[ANNA]))
    assert found == ((("No second factor: the password alone is enough.", CHOOSE_MFA),) if warned else ())


@pytest.mark.parametrize(
    ("access", "credentials"), [("programmatic", "access key"), ("both", "password or the access key")]
)
def test_the_warning_names_only_the_credentials_that_the_plan_creates(access, credentials):
    (text, _), *_ = cautions(request(access=access, seal_to=[ANNA]))
    assert text == f"No second factor: the {credentials} alone is enough."

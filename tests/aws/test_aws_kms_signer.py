"""Signatures with an asymmetric KMS key of the simulated account, verified with openssl."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from signing_kit import require_programs

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.public_key_signature import verify_with_public_key
from breakglass_tui.report.signatures import KMS_SIGNATURE, PUBLIC_KEY

ALIAS = "alias/code-signing"


@pytest.fixture
def kms(lab: Any) -> Any:
    return lab.clients.get("kms", region="eu-west-1", writes=True)


@pytest.fixture
def signer(lab: Any) -> Any:
    """Return a function that returns what signs with a key, in the cloud of this account."""
    return AwsCloud(lab.clients, demo=False).kms_signer


@pytest.mark.parametrize("spec", ["RSA_3072", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"])
def test_openssl_accepts_the_signature_of_each_kind_of_key(kms: Any, signer: Any, tmp_path: Path, spec: str) -> None:
    require_programs()
    key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    content = b"longer than KMS takes as a message" * 200
    for name, each in signer(key).sign(content).items():
        (tmp_path / name).write_bytes(each)
    assert verify_with_public_key(tmp_path / KMS_SIGNATURE, content, tmp_path / PUBLIC_KEY).valid
    assert not verify_with_public_key(tmp_path / KMS_SIGNATURE, content + b".", tmp_path / PUBLIC_KEY).valid


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("alias/break-glass", "SYMMETRIC_DEFAULT"),
        ("alias/old-backups", "disabled"),
        ("alias/nothing", ""),
        ("alias/partner-exchange", "Its spec is RSA_2048 and its usage is ENCRYPT_DECRYPT."),
    ],
)
def test_a_key_that_cannot_sign_is_a_problem_of_the_test_too(signer: Any, key: str, why: str) -> None:
    for attempt in (lambda: signer(key).sign(b"x"), lambda: signer(key).test()):
        with pytest.raises(Problem) as caught:
            attempt()
        assert why in str(caught.value)


def test_the_test_of_a_key_says_what_it_did(signer: Any) -> None:
    assert signer(ALIAS).test() == (True, f"the KMS key {ALIAS} signed a test text", "")


@pytest.mark.parametrize(
    ("key", "resource"),
    [
        ("arn:aws:kms:us-east-1:123456789012:key/x", "arn:aws:kms:us-east-1:123456789012:key/x"),
        ("arn:aws:kms:us-east-1:123456789012:alias/x", "arn:aws:kms:us-east-1:123456789012:key/*"),
        ("1234abcd", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"),
        (ALIAS, "the key itself"),
    ],
)
def test_the_permissions_of_the_operator_name_the_key_and_not_its_alias(
    lab: Any, kms: Any, signer: Any, key: str, resource: str
) -> None:
    if key == ALIAS:
        resource = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    setup = replace(lab.setup(access="console"), signer=signer(key))
    prepare = AwsCloud(lab.clients, demo=False).plan(setup).permissions.prepare
    found = [each for each in prepare if each.action in ("kms:GetPublicKey", "kms:Sign")]
    assert [(each.action, each.resources) for each in found] == [
        ("kms:GetPublicKey", (resource,)),
        ("kms:Sign", (resource,)),
    ]
    assert [bool(each.reason) for each in found] == [resource.endswith("*")] * 2


def test_an_arn_is_signed_with_in_its_own_region(lab: Any, signer: Any) -> None:
    there = lab.clients.get("kms", region="us-east-1", writes=False).describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    assert set(signer(there).sign(b"x")) == {KMS_SIGNATURE, PUBLIC_KEY}


def test_an_alias_that_is_moved_during_a_signature_does_not_mix_two_keys(
    kms: Any, signer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_programs()
    first, second = (
        kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"] for _ in range(2)
    )
    kms.create_alias(AliasName="alias/moving", TargetKeyId=first)

    class Moving(Api):
        def call(self, action: str, **given: Any) -> dict[str, Any]:
            answer = super().call(action, **given)
            kms.update_alias(AliasName="alias/moving", TargetKeyId=second)
            return answer

    monkeypatch.setattr("breakglass_tui.aws.kms_signer.Api", Moving)
    for name, each in signer("alias/moving").sign(b"text").items():
        (tmp_path / name).write_bytes(each)
    assert verify_with_public_key(tmp_path / KMS_SIGNATURE, b"text", tmp_path / PUBLIC_KEY).valid

"""The KMS seal: its result is decrypted before it is returned, and is bound to its context."""

from __future__ import annotations

import base64
import json
from typing import Any

import pyrage
import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.kms_seal import KmsSeal, seals_for
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret

CONTEXT = {"app": "breakglass-tui", "user": "bg-alice"}
AGE = str(pyrage.x25519.Identity.generate().to_public())
OTHER = str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def api(lab: Any) -> Api:
    return Api(lab.clients, silent_context("seal"), region="eu-west-1")


def arn_of(lab: Any, alias: str) -> str:
    return str(lab.kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"])


def test_the_file_has_the_key_arn_and_the_encryption_context(lab: Any, api: Api) -> None:
    file = json.loads(KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT))
    assert set(file) == {"version", "key_arn", "encryption_context", "ciphertext"}
    assert file["key_arn"] == arn_of(lab, "alias/break-glass")
    blob = base64.b64decode(file["ciphertext"])
    opened = lab.kms.decrypt(KeyId=file["key_arn"], CiphertextBlob=blob, EncryptionContext=file["encryption_context"])
    assert opened["Plaintext"] == b"hush"


def test_it_does_not_decrypt_without_its_context(lab: Any, api: Api) -> None:
    file = json.loads(KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT))
    with pytest.raises(lab.kms.exceptions.InvalidCiphertextException):
        lab.kms.decrypt(CiphertextBlob=base64.b64decode(file["ciphertext"]), EncryptionContext={"user": "bg-bob"})


def test_both_calls_are_recorded(api: Api) -> None:
    KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT)
    assert [call.operation for call in api.context.calls] == ["kms:Encrypt", "kms:Decrypt"]


def test_a_key_of_another_region_is_called_there(lab: Any, api: Api) -> None:
    with pytest.raises(Problem) as caught:
        KmsSeal(api, arn_of(lab, "alias/break-glass").replace("eu-west-1", "us-east-1")).encrypt(b"hush", CONTEXT)
    assert caught.value.code == "NotFoundException"


@pytest.mark.parametrize("alias", ["alias/old-backups", "alias/retired-2024", "alias/code-signing"])
def test_a_key_that_cannot_seal_is_a_problem(lab: Any, api: Api, alias: str) -> None:
    assert next(key for key in lab.account.keys.items if key.label == alias).obstacle
    with pytest.raises(Problem) as caught:
        KmsSeal(api, alias).encrypt(b"hush", CONTEXT)
    assert caught.value.next


def test_a_ciphertext_that_decrypts_to_other_data_is_not_written(
    lab: Any, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = lab.clients.get("kms", region="eu-west-1", writes=False)
    monkeypatch.setattr(client, "decrypt", lambda **_: {"Plaintext": b"other", "ResponseMetadata": {"RequestId": "r"}})
    with pytest.raises(Problem, match="did not decrypt what it encrypted"):
        KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT)


def test_an_answer_without_a_ciphertext_is_not_written(lab: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.clients.get("kms", region="eu-west-1", writes=False), "encrypt", lambda **_: {})
    with pytest.raises(Problem, match="lost"):
        KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT)


@pytest.mark.parametrize(
    ("fields", "password", "seed"),
    [
        ({}, [], []),
        ({"kms_key_id": "alias/a"}, ["kms.json"], ["kms.json"]),
        ({"seal_to": [AGE]}, ["age"], ["age"]),
        ({"seal_to": [AGE], "kms_key_id": "alias/a"}, ["age", "kms.json"], ["age", "kms.json"]),
        ({"seal_to": [AGE], "kms_key_id": "alias/a", "seal_mfa_to": [AGE]}, ["age", "kms.json"], ["age"]),
        ({"kms_key_id": "alias/a", "seal_mfa_to": [AGE]}, ["kms.json"], ["age"]),
        (
            {"seal_to": [AGE, OTHER], "seal_passphrase": True, "kms_key_id": "alias/a"},
            ["age", "passphrase.age", "kms.json"],
            ["age", "passphrase.age", "kms.json"],
        ),
        ({"seal_to": [AGE, OTHER], "seal_threshold": 2}, ["1+2.age"], ["1+2.age"]),
        (
            {"seal_passphrase": True, "seal_mfa_to": [AGE, OTHER], "seal_mfa_threshold": 2},
            ["passphrase.age"],
            ["1+2.age"],
        ),
    ],
)
def test_the_fastest_seal_is_first_and_only_other_custodians_have_the_seed(
    lab: Any, api: Api, fields: dict[str, Any], password: list[str], seed: list[str]
) -> None:
    setup = lab.setup(mfa="sealed", **fields)
    setup.vault.put(PASSPHRASE, Secret("four words and some more"))
    assert [seal.suffix for seal in seals_for(setup, api, "password")] == password
    assert [seal.suffix for seal in seals_for(setup, api, "mfa-seed")] == seed


def test_a_missing_passphrase_is_a_usage_problem(lab: Any, api: Api) -> None:
    with pytest.raises(Problem) as caught:
        seals_for(lab.setup(seal_passphrase=True), api, "password")
    assert caught.value.code == "NoPassphrase"
    assert caught.value.kind is Kind.USAGE


def test_the_custodian_of_a_kms_envelope_is_the_key_itself_and_not_its_alias(lab: Any, api: Api) -> None:
    seal = KmsSeal(api, "alias/break-glass")
    seal.encrypt(b"hush", CONTEXT)
    assert seal.custodians == (arn_of(lab, "alias/break-glass"),)

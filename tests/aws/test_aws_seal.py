"""The KMS seal: proven to open before anything is handed out, bound to its context."""

from __future__ import annotations

import base64
import json
from typing import Any

import pyrage
import pytest

from breakglass_tui.aws.api import Api, quiet_turn
from breakglass_tui.aws.seal import KmsSeal, seals_for
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import parse_request

CONTEXT = {"app": "breakglass-tui", "user": "bg-alice"}
AGE = str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def api(lab: Any) -> Api:
    return Api(lab.clients, quiet_turn("seal"), region="eu-west-1")


def arn_of(lab: Any, alias: str) -> str:
    return str(lab.kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"])


def test_the_file_names_the_key_by_arn_and_carries_its_context(lab: Any, api: Api) -> None:
    file = json.loads(KmsSeal(api, "alias/break-glass").close(b"hush", CONTEXT))
    assert set(file) == {"version", "key_arn", "encryption_context", "ciphertext"}
    assert file["key_arn"] == arn_of(lab, "alias/break-glass")
    blob = base64.b64decode(file["ciphertext"])
    opened = lab.kms.decrypt(KeyId=file["key_arn"], CiphertextBlob=blob, EncryptionContext=file["encryption_context"])
    assert opened["Plaintext"] == b"hush"


def test_without_its_context_it_does_not_open(lab: Any, api: Api) -> None:
    file = json.loads(KmsSeal(api, "alias/break-glass").close(b"hush", CONTEXT))
    with pytest.raises(lab.kms.exceptions.InvalidCiphertextException):
        lab.kms.decrypt(CiphertextBlob=base64.b64decode(file["ciphertext"]), EncryptionContext={"user": "bg-bob"})


def test_both_calls_are_told(api: Api) -> None:
    KmsSeal(api, "alias/break-glass").close(b"hush", CONTEXT)
    assert [call.operation for call in api.turn.calls] == ["kms:Encrypt", "kms:Decrypt"]


def test_a_key_of_another_region_is_called_there(lab: Any, api: Api) -> None:
    with pytest.raises(Problem) as caught:
        KmsSeal(api, arn_of(lab, "alias/break-glass").replace("eu-west-1", "us-east-1")).close(b"hush", CONTEXT)
    assert caught.value.code == "NotFoundException"


@pytest.mark.parametrize("alias", ["alias/old-backups", "alias/retired-2024", "alias/code-signing"])
def test_a_key_that_cannot_seal_is_a_problem(lab: Any, api: Api, alias: str) -> None:
    assert next(key for key in lab.account.keys.items if key.label == alias).obstacle
    with pytest.raises(Problem) as caught:
        KmsSeal(api, alias).close(b"hush", CONTEXT)
    assert caught.value.next


def test_what_opens_to_something_else_is_not_kept(lab: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    client = lab.clients.get("kms", region="eu-west-1", writes=False)
    monkeypatch.setattr(client, "decrypt", lambda **_: {"Plaintext": b"other", "ResponseMetadata": {"RequestId": "r"}})
    with pytest.raises(Problem, match="did not open again"):
        KmsSeal(api, "alias/break-glass").close(b"hush", CONTEXT)


def test_an_answer_without_a_ciphertext_is_not_kept(lab: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.clients.get("kms", region="eu-west-1", writes=False), "encrypt", lambda **_: {})
    with pytest.raises(Problem, match="lost"):
        KmsSeal(api, "alias/break-glass").close(b"hush", CONTEXT)


@pytest.mark.parametrize(
    ("fields", "password", "seed"),
    [
        ({}, [], []),
        ({"kms_key_id": "alias/a"}, ["kms"], ["kms"]),
        ({"seal_to": [AGE]}, ["age"], ["age"]),
        ({"seal_to": [AGE], "kms_key_id": "alias/a"}, ["age", "kms"], ["age", "kms"]),
        ({"seal_to": [AGE], "kms_key_id": "alias/a", "seal_mfa_to": [AGE]}, ["age", "kms"], ["age"]),
        ({"kms_key_id": "alias/a", "seal_mfa_to": [AGE]}, ["kms"], ["age"]),
    ],
)
def test_age_seals_first_and_other_custodians_have_the_seed_alone(
    api: Api, fields: dict[str, Any], password: list[str], seed: list[str]
) -> None:
    request = parse_request({"region": "eu-west-1", "mfa": "sealed", **fields})
    assert [seal.kind for seal in seals_for(request, api, "password")] == password
    assert [seal.kind for seal in seals_for(request, api, "mfa-seed")] == seed

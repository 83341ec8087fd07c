"""Whole runs on the simulated account, read back with a client of the test's own."""

from __future__ import annotations

import base64
import json
from itertools import product
from pathlib import Path
from typing import Any

import boto3
import pyrage
import pytest

from breakglass_tui.domain.events import RunStatus, StepFinished, StepNoted, StepStarted, StepStatus
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, same
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.recovery_events import EnvelopeStarted
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret

KMS = {"kms_key_id": "alias/break-glass"}
KINDS = list(product(("console", "programmatic", "both"), ("none", "authenticator", "sealed")))
SECRETS = ("password", "access-key", "mfa-seed")
CREDENTIALS = {"mfa-device", "login-profile", "access-key"}
GRANTS = {"inline-policy", "group-membership", "role-trust"}


@pytest.mark.parametrize(("access", "mfa"), KINDS)
def test_every_kind_of_user_is_created_as_requested(lab: Any, access: str, mfa: str) -> None:
    outcome = lab.run(lab.everything(access=access, mfa=mfa, tags={"team": "ops"}, **KMS), with_preflight=True)

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert {step.status for step in outcome.record.steps.values()} == {StepStatus.DONE}
    user = lab.iam.get_user(UserName=lab.name)["User"]
    assert user["Path"] == "/breakglass/"
    assert (user["Arn"], user["UserId"]) == (outcome.record.facts["user_arn"], outcome.record.facts["user_id"])
    tags = {tag["Key"]: tag["Value"] for tag in user["Tags"]}
    own = {"breakglass-tui:run-id": outcome.setup.run_id, "breakglass-tui:managed": "true"}
    assert tags == {"team": "ops", **own}
    policy = lab.iam.get_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME)["PolicyDocument"]
    assert same(policy, lab.account.admin_policy.document)
    assert lab.members() == [lab.name]
    assert lab.trust()["Statement"][1]["Principal"] == {"AWS": user["Arn"]}
    assert len(lab.keys(lab.name)) == (access != "console")
    assert len(lab.iam.list_mfa_devices(UserName=lab.name)["MFADevices"]) == (mfa != "none")
    assert has_password(lab) == (access != "programmatic")


def has_password(lab: Any) -> bool:
    try:
        profile = lab.iam.get_login_profile(UserName=lab.name)["LoginProfile"]
    except lab.iam.exceptions.NoSuchEntityException:
        return False
    assert profile["PasswordResetRequired"]
    return True


def test_credentials_wait_for_the_user_and_grants_for_every_credential(lab: Any) -> None:
    order = [event for event in lab.run(lab.everything()).events if isinstance(event, StepStarted | StepFinished)]

    def at(kind: type, steps: set[str]) -> list[int]:
        return [n for n, event in enumerate(order) if isinstance(event, kind) and event.step in steps]

    assert max(at(StepFinished, {"create-user"})) < min(at(StepStarted, CREDENTIALS))
    assert max(at(StepStarted, CREDENTIALS)) < min(at(StepFinished, CREDENTIALS))
    assert max(at(StepFinished, CREDENTIALS)) < min(at(StepStarted, GRANTS))
    assert max(at(StepStarted, GRANTS)) < min(at(StepFinished, GRANTS))


def test_the_steps_are_in_the_order_of_the_operator(lab: Any) -> None:
    plan = lab.cloud.plan(lab.everything())
    ids = "create-user mfa-device inline-policy group-membership role-trust login-profile access-key"
    assert [step.id for step in plan.steps] == ids.split()


def test_a_small_request_has_only_the_steps_it_needs(lab: Any) -> None:
    plan = lab.cloud.plan(lab.setup())
    assert [step.id for step in plan.steps] == ["create-user", "inline-policy", "login-profile"]


def test_every_sealed_secret_decrypts_and_works(lab: Any) -> None:
    identity = pyrage.x25519.Identity.generate()
    outcome = lab.run(lab.everything(seal_to=[str(identity.to_public())], **KMS))

    def with_age(contents: str) -> dict[str, str]:
        sealed = (lab.directory / f"{lab.name}.{contents}.age").read_bytes()
        return dict(json.loads(pyrage.decrypt(sealed, [identity]))["secret"])

    def with_kms(contents: str) -> dict[str, str]:
        file = json.loads((lab.directory / f"{lab.name}.{contents}.kms.json").read_text())
        blob, context = base64.b64decode(file["ciphertext"]), file["encryption_context"]
        opened = lab.kms.decrypt(KeyId=file["key_arn"], CiphertextBlob=blob, EncryptionContext=context)
        return dict(json.loads(opened["Plaintext"])["secret"])

    assert with_age("password") == with_kms("password") == {"password": outcome.setup.vault.get("password").reveal()}
    assert with_age("mfa-seed") == with_kms("mfa-seed")
    key = with_age("access-key")
    assert key == with_kms("access-key")
    session = boto3.Session(key["access_key_id"], key["secret_access_key"], region_name="eu-west-1")
    assert (
        session.client("sts", endpoint_url=lab.endpoint).get_caller_identity()["Arn"]
        == outcome.record.facts["user_arn"]
    )
    assert sorted({Path(info.path).name for info in outcome.record.envelopes}) == lab.envelopes()


def test_only_the_other_custodians_can_open_the_mfa_seed(lab: Any) -> None:
    one, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    outcome = lab.run(lab.everything(seal_to=[str(one.to_public())], seal_mfa_to=[str(other.to_public())], **KMS))

    assert outcome.record.status is RunStatus.DONE
    seed = lab.directory / f"{lab.name}.mfa-seed.age"
    assert [name for name in lab.envelopes() if "mfa-seed" in name] == [seed.name]
    assert json.loads(pyrage.decrypt(seed.read_bytes(), [other]))["secret"]["serial_number"] in lab.devices(lab.name)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(seed.read_bytes(), [one])


def test_two_of_three_custodians_open_everything_together(lab: Any) -> None:
    custodians = [pyrage.x25519.Identity.generate() for _ in range(3)]
    setup = lab.everything(seal_to=[str(one.to_public()) for one in custodians], seal_threshold=2)
    outcome = lab.run(setup)

    names = [f"{contents}.{pair}.age" for contents in SECRETS for pair in ("1+2", "1+3", "2+3")]
    assert lab.envelopes() == sorted(f"{lab.name}.{name}" for name in names)
    sealed = (lab.directory / f"{lab.name}.password.2+3.age").read_bytes()
    opened = json.loads(pyrage.decrypt(pyrage.decrypt(sealed, [custodians[2]]), [custodians[1]]))
    assert opened["secret"] == {"password": setup.vault.get("password").reveal()}
    assert {info.needs for info in outcome.record.envelopes} == {2}
    assert outcome.record.steps["login-profile"].detail.startswith("password sealed: age (2 of 3)")


def test_the_passphrase_alone_opens_everything(lab: Any) -> None:
    words = "seven tall lanterns under water 58"
    setup = lab.setup(access="both", seal_passphrase=True)
    setup.vault.put(PASSPHRASE, Secret(words))
    outcome = lab.run(setup)
    assert outcome.record.status is RunStatus.DONE
    sealed = (lab.directory / f"{lab.name}.password.passphrase.age").read_bytes()
    assert json.loads(pyrage.passphrase.decrypt(sealed, words))["secret"]["password"]
    assert words not in repr(outcome.record)
    for step in ("login-profile", "access-key"):
        own = [event for event in outcome.events if getattr(event, "step", "") == step]
        noted = next(at for at, event in enumerate(own) if isinstance(event, StepNoted) and "passphrase" in event.text)
        assert isinstance(own[noted + 1], EnvelopeStarted)
    journal = "".join(path.read_text() for path in lab.store.root.rglob("*.jsonl"))
    assert setup.run_id in journal
    assert words not in journal


def test_without_a_seal_the_operator_stores_each_secret(lab: Any) -> None:
    outcome = lab.run(lab.setup(access="both"))

    stored = {question.label: question for question in outcome.asked if isinstance(question, StoreSecret)}
    assert outcome.record.status is RunStatus.DONE
    assert sorted(stored) == ["Console password", "Secret access key"]
    key_id = dict(stored["Secret access key"].public)["Access key id"]
    assert [key_id] == lab.keys(lab.name)
    session = boto3.Session(key_id, stored["Secret access key"].secret.reveal(), region_name="eu-west-1")
    assert session.client("sts", endpoint_url=lab.endpoint).get_caller_identity()["Arn"].endswith(lab.name)
    assert lab.envelopes() == []


def test_no_grant_is_made_while_a_secret_is_not_stored(lab: Any) -> None:
    def look_and_store(asked: Any, run: Any) -> bool:
        assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == []
        return True

    outcome = lab.run(lab.setup(access="console"), look_and_store)
    assert outcome.record.status is RunStatus.DONE


@pytest.mark.parametrize(
    ("seals", "fails", "ends"),
    [
        ({}, "", RunStatus.DONE),
        (KMS, "", RunStatus.DONE),
        (KMS, "put_user_policy", RunStatus.UNDONE),
        ({}, "delete_access_key", RunStatus.INCOMPLETE),
    ],
    ids=["revealed", "sealed", "undone", "left"],
)
def test_no_event_holds_a_secret(
    lab: Any, seals: dict[str, str], fails: str, ends: RunStatus, monkeypatch: pytest.MonkeyPatch, spoil: Any
) -> None:
    secrets: list[str] = []
    keep = Secret.__init__

    def remember(self: Secret, text: str) -> None:
        secrets.append(text)
        keep(self, text)

    monkeypatch.setattr(Secret, "__init__", remember)
    for operation in filter(None, (fails, "put_user_policy" if fails else "")):
        spoil(operation, code="AccessDenied")
    outcome = lab.run(lab.setup(access="both", mfa="authenticator", **seals))

    assert outcome.record.status is ends
    assert len(secrets) >= 4
    heard = "".join(f"{event!r}{event}" for event in outcome.events) + repr(outcome.record) + repr(outcome.setup)
    assert [secret for secret in secrets if secret in heard] == []


def test_two_runs_do_not_change_each_other(lab: Any, spoil: Any) -> None:
    first = lab.run(lab.everything())
    second = lab.setup(user_name=f"{lab.name}-b", access="both", mfa="sealed", **KMS)
    spoil("put_user_policy", code="AccessDenied")
    failed = lab.run(second)

    assert failed.record.status is RunStatus.UNDONE
    assert not lab.exists(f"{lab.name}-b")
    assert first.record.status is RunStatus.DONE
    assert lab.exists(lab.name)
    assert lab.keys(lab.name) == [first.record.facts["access_key_id"]]
    assert lab.devices(lab.name) == [first.record.facts["mfa_serial"]]
    assert len(lab.envelopes()) == 3

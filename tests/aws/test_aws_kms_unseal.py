"""Decryption of KMS envelopes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.kms_seal import KmsSeal
from breakglass_tui.domain.problems import OTHER_SIMULATED_ACCOUNT, Kind, Problem
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN
from breakglass_tui.secrets.sealed_file import KmsFile, read_sealed

CONTEXT = {"app": "breakglass-tui", "user": "bg-alice"}


@pytest.fixture
def cloud(lab: Any) -> AwsCloud:
    return AwsCloud(lab.clients, demo=False)


@pytest.fixture
def sealed(lab: Any, tmp_path: Path) -> Path:
    api = Api(lab.clients, silent_context("seal"), region="eu-west-1")
    path = tmp_path / "sealed"
    path.write_bytes(KmsSeal(api, "alias/break-glass").encrypt(b"hush", CONTEXT))
    return path


def file_of(path: Path, **changes: Any) -> KmsFile:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    kms = read_sealed(path).kms
    assert kms is not None
    return kms


def refused(cloud: AwsCloud, file: KmsFile) -> Problem:
    with pytest.raises(Problem) as caught:
        cloud.unseal(file)
    return caught.value


def test_the_file_alone_is_enough_to_decrypt_it(cloud: AwsCloud, sealed: Path) -> None:
    assert cloud.unseal(file_of(sealed)) == b"hush"


def test_another_context_does_not_decrypt(cloud: AwsCloud, sealed: Path) -> None:
    problem = refused(cloud, file_of(sealed, encryption_context={**CONTEXT, "user": "bg-bob"}))
    assert problem.code == DOES_NOT_OPEN
    assert "changed" in problem.why


def test_a_key_of_another_region_is_asked_there(cloud: AwsCloud, sealed: Path) -> None:
    arn = file_of(sealed).key_arn.replace("eu-west-1", "us-east-1")
    assert refused(cloud, file_of(sealed, key_arn=arn)).code == "NotFoundException"


def test_a_denied_caller_learns_which_account_has_the_key(cloud: AwsCloud, sealed: Path, spoil: Any) -> None:
    spoil("decrypt", code="AccessDeniedException")
    problem = refused(cloud, file_of(sealed))
    assert problem.kind is Kind.REFUSED
    assert "credentials of account 123456789012" in problem.next


def test_expired_credentials_stay_a_credential_problem(cloud: AwsCloud, sealed: Path, spoil: Any) -> None:
    spoil("decrypt", code="ExpiredTokenException")
    assert refused(cloud, file_of(sealed)).kind is Kind.CREDENTIALS


def test_a_simulated_key_of_another_process_is_described_as_such(lab: Any, sealed: Path) -> None:
    gone = file_of(sealed).key_arn[:-4] + "0000"
    problem = refused(AwsCloud(lab.clients, demo=True), file_of(sealed, key_arn=gone))
    assert "Each process has its own simulated account" in problem.why
    assert problem.next.startswith("Open another envelope of the same secret")
    assert problem.code == OTHER_SIMULATED_ACCOUNT

"""The checks ``envelopes`` and ``kms-key``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pyrage
import pytest

from breakglass_tui.aws.checks.envelopes import EnvelopesCheck
from breakglass_tui.aws.checks.kms_key import KmsKeyCheck
from breakglass_tui.domain.checks import CheckStatus, Verdict, readiness
from breakglass_tui.domain.events import EnvelopeInfo

AGE = str(pyrage.x25519.Identity.generate().to_public())
ARN = "arn:aws:kms:eu-west-1:123456789012:key/{}"


@pytest.fixture
def files(bench):
    return lambda subject: bench.inspect(EnvelopesCheck(bench.clients, subject))


@pytest.fixture
def key(bench):
    return lambda subject: bench.inspect(KmsKeyCheck(bench.clients, subject))


@pytest.fixture
def envelope(tmp_path):
    def make(name="password", seal="kms", custodian="custodian"):
        path = tmp_path / f"{name}.{seal}"
        path.write_bytes(b"sealed")
        digest = hashlib.sha256(b"sealed").hexdigest()
        return EnvelopeInfo(str(path), (name,), (seal,), digest, (custodian,), 1)

    return make


def test_unchanged_envelopes_pass_and_report_what_was_tested(make_user, files, envelope):
    result = files(make_user().subject(envelopes=(envelope(), envelope("key", "age"))))
    assert result.status is CheckStatus.PASS
    assert result.found == (
        "unchanged, and decrypted once by the run as a test: password.kms; "
        "unchanged, and to be tested by the custodians with breakglass-tui verify: key.age"
    )
    assert result.expected.startswith("2 envelopes")


@pytest.mark.parametrize("spoil", ["changed", "missing"])
def test_a_changed_or_missing_envelope_fails(make_user, files, envelope, tmp_path, spoil):
    recorded = envelope()
    path = tmp_path / "password.kms"
    path.write_bytes(b"another") if spoil == "changed" else path.unlink()
    result = files(make_user().subject(envelopes=(recorded,)))
    assert result.status is CheckStatus.FAIL
    assert str(path) in result.found
    assert f" verify {path}" in result.remedy


def test_an_enabled_key_with_another_seal_passes(make_user, key):
    result = key(make_user().subject(kms_key_id="alias/break-glass", seal_to=[AGE]))
    assert result.status is CheckStatus.PASS
    assert "in eu-west-1 is enabled" in result.found
    assert "decides who may decrypt" in result.found


def test_kms_alone_is_a_risk_that_does_not_change_the_verdict(bench, make_user, key):
    result = key(make_user().subject(kms_key_id="alias/break-glass"))
    assert result.status is CheckStatus.WARN
    verdict = readiness([result])
    assert "KMS alone can lock you out" in verdict.risks[-1].text
    assert "seal_to" in verdict.risks[-1].clear
    mission = [replace(result, id=id, caution="") for id in ("user-exists", "inline-policy", "access", "mfa-devices")]
    assert readiness([*mission, result]).verdict is Verdict.READY


@pytest.mark.parametrize(("alias", "word"), [("alias/old-backups", "Disabled"), ("alias/retired-2024", "deleted")])
def test_an_unusable_key_fails_if_there_is_no_other_seal(make_user, key, alias, word):
    user = make_user()
    alone, with_another = key(user.subject(kms_key_id=alias)), key(user.subject(kms_key_id=alias, seal_to=[AGE]))
    assert (alone.status, with_another.status) == (CheckStatus.FAIL, CheckStatus.WARN)
    assert word in alone.found
    assert "enable-key" in alone.remedy


def test_the_key_that_the_envelopes_name_is_read_in_its_own_region(bench, make_user, key, envelope):
    virginia = bench.boto("kms", "us-east-1").describe_key(KeyId="alias/break-glass")["KeyMetadata"]["Arn"]
    sealed = envelope(custodian=virginia)
    result = key(make_user().subject(kms_key_id="alias/retired-2024", seal_to=[AGE], envelopes=(sealed,)))
    assert result.status is CheckStatus.PASS
    assert f"{virginia} in us-east-1 is enabled" in result.found


def test_a_missing_key_is_reported_and_a_deletion_with_its_date(make_user, key, bend):
    missing = ARN.format("00000000-0000-0000-0000-000000000000")
    assert f"key {missing} does not exist" in key(make_user().subject(kms_key_id=missing)).found
    day = datetime(2030, 1, 2, tzinfo=UTC)
    bend("describe_key", lambda answer: answer["KeyMetadata"].update(DeletionDate=day), service="kms")
    assert "will be deleted on 2030-01-02" in key(make_user().subject(kms_key_id="alias/retired-2024")).found


def test_a_denied_describe_is_a_skip(make_user, key, refuse):
    refuse("describe_key", "AccessDeniedException", service="kms")
    assert key(make_user().subject(kms_key_id="alias/break-glass")).status is CheckStatus.SKIP

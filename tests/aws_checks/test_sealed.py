"""The checks envelopes and kms-key."""

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
    def make(name="password", seal="kms", custodian="somebody"):
        path = tmp_path / f"{name}.{seal}"
        path.write_bytes(b"sealed")
        digest = hashlib.sha256(b"sealed").hexdigest()
        return EnvelopeInfo(str(path), (name,), (seal,), digest, (custodian,), 1)

    return make


def test_envelopes_as_they_were_written_pass_and_say_what_is_proven(make_user, files, envelope):
    result = files(make_user().subject(envelopes=(envelope(), envelope("key", "age"))))
    assert result.status is CheckStatus.PASS
    assert "proven to open when it was sealed" in result.found
    assert "to be proven by its custodians" in result.found
    assert result.expected.startswith("2 envelopes")


@pytest.mark.parametrize("spoil", ["changed", "missing"])
def test_an_envelope_that_was_changed_or_is_gone_fails(make_user, files, envelope, tmp_path, spoil):
    kept = envelope()
    path = tmp_path / "password.kms"
    path.write_bytes(b"another") if spoil == "changed" else path.unlink()
    result = files(make_user().subject(envelopes=(kept,)))
    assert result.status is CheckStatus.FAIL
    assert str(path) in result.found
    assert "breakglass-tui verify" in result.remedy


def test_a_living_key_with_another_way_in_beside_it_passes(make_user, key):
    result = key(make_user().subject(kms_key_id="alias/break-glass", seal_to=[AGE]))
    assert result.status is CheckStatus.PASS
    assert "in eu-west-1 is enabled" in result.found
    assert "who may decrypt" in result.found


def test_kms_alone_is_a_circle_and_is_told_without_changing_the_verdict(bench, make_user, key):
    result = key(make_user().subject(kms_key_id="alias/break-glass"))
    assert result.status is CheckStatus.WARN
    told = readiness([result])
    assert "only KMS opens" in told.reasons[-1]
    assert "seal_to" in told.steps[-1]
    mission = [replace(result, id=id, caution="") for id in ("user-exists", "inline-policy", "access", "mfa-devices")]
    assert readiness([*mission, result]).verdict is Verdict.READY


@pytest.mark.parametrize(("alias", "word"), [("alias/old-backups", "Disabled"), ("alias/retired-2024", "deleted")])
def test_a_key_that_no_longer_opens_fails_where_nothing_else_does(make_user, key, alias, word):
    user = make_user()
    only, beside = key(user.subject(kms_key_id=alias)), key(user.subject(kms_key_id=alias, seal_to=[AGE]))
    assert (only.status, beside.status) == (CheckStatus.FAIL, CheckStatus.WARN)
    assert word in only.found
    assert "enable-key" in only.remedy


def test_the_key_that_the_envelopes_name_is_asked_for_in_its_own_region(bench, make_user, key, envelope):
    virginia = bench.boto("kms", "us-east-1").describe_key(KeyId="alias/break-glass")["KeyMetadata"]["Arn"]
    sealed = envelope(custodian=virginia)
    result = key(make_user().subject(kms_key_id="alias/retired-2024", seal_to=[AGE], envelopes=(sealed,)))
    assert result.status is CheckStatus.PASS
    assert f"{virginia} in us-east-1 is enabled" in result.found


def test_a_key_that_is_gone_or_going_says_when(make_user, key, bend):
    gone = ARN.format("00000000-0000-0000-0000-000000000000")
    assert "there is no key" in key(make_user().subject(kms_key_id=gone)).found
    day = datetime(2030, 1, 2, tzinfo=UTC)
    bend("describe_key", lambda answer: answer["KeyMetadata"].update(DeletionDate=day), service="kms")
    assert "will be deleted on 2030-01-02" in key(make_user().subject(kms_key_id="alias/retired-2024")).found


def test_a_key_that_may_not_be_described_is_a_skip(make_user, key, refuse):
    refuse("describe_key", "AccessDeniedException", service="kms")
    assert key(make_user().subject(kms_key_id="alias/break-glass")).status is CheckStatus.SKIP

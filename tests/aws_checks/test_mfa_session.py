"""A code of a device that this process enrolled, used once: in ``mfa-devices`` and ``role-trust``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.user_reads import UserReads
from breakglass_tui.aws.mfa_codes import LAST_PERIOD, MfaCodeSource
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.secrets.totp import PERIOD_S

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
WITH_MFA = {"access": "programmatic", "mfa": "sealed"}


@dataclass
class SubmittedCodes:
    """The codes that reached GetSessionToken."""

    codes: list[str]


@pytest.fixture
def owner(bench, make_user):
    """Return a function that creates a user with AdministratorAccess, a key and a device, and its subject."""

    def make(*, guarded=False, **fields):
        user = bench.key_for(make_user(policy=inline_document(bench.account.admin_policy, require_mfa=guarded)))
        serial = bench.device_for(user)
        return user, user.subject(mfa_serial=serial, require_mfa=guarded, **WITH_MFA, **fields)

    return make


@pytest.fixture
def submitted(monkeypatch):
    """Record every submitted code, and refuse the first ``refuse`` of them."""
    from botocore.exceptions import ClientError

    real, record = Api._send, SubmittedCodes([])
    record.refuse, record.code = 0, "AccessDenied"

    def send(self, action, parameters):
        if action == "sts:GetSessionToken":
            record.codes.append(parameters["TokenCode"])
            if len(record.codes) <= record.refuse:
                raise ClientError({"Error": {"Code": record.code, "Message": "forced"}}, "GetSessionToken")
        return real(self, action, parameters)

    monkeypatch.setattr(Api, "_send", send)
    return record


def test_a_new_code_tests_the_device_and_no_code_is_submitted_twice(bench, owner, submitted):
    _, subject = owner()
    first = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert first.status is CheckStatus.PASS
    assert "accepted a new code from it" in first.found
    assert bench.clock.waited == 0
    again = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert again.status is CheckStatus.PASS
    assert 0 < bench.clock.waited <= 30
    assert len(submitted.codes) == len(set(submitted.codes)) == 2


def test_a_refused_code_is_followed_by_another_in_its_own_period(bench, owner, submitted):
    submitted.refuse = 1
    _, subject = owner()
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert len(set(submitted.codes)) == 2
    assert 30 <= bench.clock.waited <= 60


def test_a_device_whose_codes_are_all_refused_fails_with_the_command_that_resyncs_it(bench, owner, submitted):
    submitted.refuse = 10
    _, subject = owner()
    result = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert result.status is CheckStatus.FAIL
    assert "resync-mfa-device" in result.remedy
    assert len(set(submitted.codes)) == 3


def test_a_key_that_is_not_recognized_yet_does_not_cost_a_code(bench, owner, submitted):
    submitted.refuse, submitted.code = 2, "InvalidClientTokenId"
    _, subject = owner()
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert len(submitted.codes) == 3
    assert len(set(submitted.codes)) == 1


def test_without_key_or_seed_no_code_is_submitted(bench, owner, make_user, submitted):
    user, subject = owner()
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process(**WITH_MFA)))
    assert (result.status, bool(result.unproven)) == (CheckStatus.WARN, True)
    user.vault.wipe()
    assert MfaCodeSource.from_vault(user.vault) is None
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert submitted.codes == []


@pytest.mark.parametrize("condition", [MFA, None])
def test_a_role_that_requires_mfa_is_assumed_with_key_and_code(bench, owner, submitted, condition):
    user, subject = owner(guarded=condition is None)
    statement = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    role = bench.role({"Version": "2012-10-17", "Statement": [statement]})
    reads = UserReads(bench.clients, subject)
    result = bench.inspect(RoleTrustCheck(bench.clients, subject, role, reads=reads))
    assert result.status is CheckStatus.PASS, result.found
    assert "assumed with the new key and MFA" in result.found
    both = bench.inspect(MfaDevicesCheck(bench.clients, subject, reads=reads))
    assert "sts:GetSessionToken" in {call.operation for call in both.calls}
    assert len(submitted.codes) == 1


def test_a_role_with_another_condition_is_not_tested(bench, owner, submitted):
    user, subject = owner()
    condition = {**MFA, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    statement = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole", "Condition": condition}
    role = bench.role({"Version": "2012-10-17", "Statement": [statement]})
    result = bench.inspect(RoleTrustCheck(bench.clients, subject, role))
    assert result.status is CheckStatus.WARN
    assert submitted.codes == []


def test_the_vault_stores_the_period_of_the_last_code(bench, owner):
    user, _ = owner()
    codes = MfaCodeSource.from_vault(user.vault)
    before = int(user.vault.get(LAST_PERIOD).reveal())
    codes.next_code(silent_context("test"), "sts:GetSessionToken", ahead=True)
    assert int(user.vault.get(LAST_PERIOD).reveal()) > before


@pytest.mark.parametrize("days", [3, -3])
def test_a_clock_that_is_set_changes_no_code_and_no_wait(bench, owner, monkeypatch, days):
    user, _ = owner()
    codes, real = MfaCodeSource.from_vault(user.vault), bench.clock.now
    monkeypatch.setattr(bench.clock, "now", lambda: real() + timedelta(days=days))
    context, waited = silent_context("test"), []
    context.clock, context.wait = bench.clock, waited.append
    for ahead in (True, False):
        codes.next_code(context, "sts:GetSessionToken", ahead=ahead)
    assert abs(int(user.vault.get(LAST_PERIOD).reveal()) - real().timestamp() // PERIOD_S) <= 3
    assert sum(waited) <= 3 * PERIOD_S

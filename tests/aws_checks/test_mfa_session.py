"""A code of the tool's own device, used once: in mfa-devices and role-trust."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.user_reads import UserReads
from breakglass_tui.aws.mfa_codes import LAST_PERIOD, Codes
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
WITH_MFA = {"access": "programmatic", "mfa": "sealed"}


@dataclass
class HandedIn:
    """The codes that reached GetSessionToken."""

    codes: list[str]


@pytest.fixture
def owner(bench, make_user):
    """A user with AdministratorAccess, a key and a device of this process, and its subject."""

    def make(*, guarded=False, **fields):
        user = bench.key_for(make_user(policy=inline_document(bench.account.admin_policy, require_mfa=guarded)))
        serial = bench.device_for(user)
        return user, user.subject(mfa_serial=serial, require_mfa=guarded, **WITH_MFA, **fields)

    return make


@pytest.fixture
def handed_in(monkeypatch):
    """Every code that is sent; ``refuse`` of them are refused on the way."""
    from botocore.exceptions import ClientError

    real, told = Api._send, HandedIn([])
    told.refuse, told.code = 0, "AccessDenied"

    def send(self, action, parameters):
        if action == "sts:GetSessionToken":
            told.codes.append(parameters["TokenCode"])
            if len(told.codes) <= told.refuse:
                raise ClientError({"Error": {"Code": told.code, "Message": "forced"}}, "GetSessionToken")
        return real(self, action, parameters)

    monkeypatch.setattr(Api, "_send", send)
    return told


def test_a_fresh_code_proves_the_device_and_the_same_one_is_never_handed_in_again(bench, owner, handed_in):
    _, subject = owner()
    first = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert first.status is CheckStatus.PASS
    assert "took a fresh code of it" in first.found
    assert bench.clock.waited == 0
    again = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert again.status is CheckStatus.PASS
    assert 0 < bench.clock.waited <= 30
    assert len(handed_in.codes) == len(set(handed_in.codes)) == 2


def test_a_code_that_is_refused_is_followed_by_another_in_its_own_time(bench, owner, handed_in):
    handed_in.refuse = 1
    _, subject = owner()
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert len(set(handed_in.codes)) == 2
    assert 30 <= bench.clock.waited <= 60


def test_a_device_whose_codes_are_all_refused_fails_with_the_way_to_resync_it(bench, owner, handed_in):
    handed_in.refuse = 10
    _, subject = owner()
    result = bench.inspect(MfaDevicesCheck(bench.clients, subject))
    assert result.status is CheckStatus.FAIL
    assert "resync-mfa-device" in result.remedy
    assert len(set(handed_in.codes)) == 3


def test_a_key_that_is_not_known_yet_does_not_cost_a_code(bench, owner, handed_in):
    handed_in.refuse, handed_in.code = 2, "InvalidClientTokenId"
    _, subject = owner()
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert len(handed_in.codes) == 3
    assert len(set(handed_in.codes)) == 1


def test_without_key_or_seed_nothing_is_handed_in(bench, owner, make_user, handed_in):
    user, subject = owner()
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another(**WITH_MFA)))
    assert result.status is CheckStatus.PASS
    user.vault.wipe()
    assert Codes.of(user.vault) is None
    assert bench.inspect(MfaDevicesCheck(bench.clients, subject)).status is CheckStatus.PASS
    assert handed_in.codes == []


@pytest.mark.parametrize("condition", [MFA, None])
def test_a_role_behind_mfa_is_assumed_with_key_and_code(bench, owner, handed_in, condition):
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
    assert len(handed_in.codes) == 1


def test_a_role_behind_another_condition_stays_unprovable(bench, owner, handed_in):
    user, subject = owner()
    condition = {**MFA, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    statement = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole", "Condition": condition}
    role = bench.role({"Version": "2012-10-17", "Statement": [statement]})
    result = bench.inspect(RoleTrustCheck(bench.clients, subject, role))
    assert result.status is CheckStatus.WARN
    assert handed_in.codes == []


def test_the_vault_remembers_which_code_was_last(bench, owner):
    user, _ = owner()
    codes = Codes.of(user.vault)
    before = int(user.vault.get(LAST_PERIOD).reveal())
    codes.fresh(silent_context("test"), "sts:GetSessionToken", ahead=True)
    assert int(user.vault.get(LAST_PERIOD).reveal()) > before

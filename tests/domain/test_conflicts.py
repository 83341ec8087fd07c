from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.domain.account import AccountList, AdminPolicy, Role
from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import parse_request

DENIED = Problem("You are not allowed to call iam:ListGroups.")


def found(account, **fields):
    return {e.field: e.message for e in conflicts(parse_request({"region": "eu-west-1", **fields}), account)}


def test_a_request_that_fits_the_account_has_no_conflicts(account):
    role = "arn:aws:iam::123456789012:role/EmergencyAdmin"
    assert found(account, user_name="bg", groups=["emergency"], role_arn=role, kms_key_id="alias/break-glass") == {}


@pytest.mark.parametrize("name", ["Night-Shift", "night-shift", "NIGHT-SHIFT"])
def test_an_existing_user_is_a_conflict_in_any_case(account, name):
    assert "already exists" in found(account, user_name=name)["user_name"]


def test_an_unknown_region_and_a_disabled_one_have_different_messages(account):
    assert "does not exist" in found(account, region="eu-west-9")["region"]
    assert "not enabled" in found(account, region="af-south-1")["region"]


def test_missing_groups_are_named(account):
    assert found(account, groups=["emergency", "gone"]) == {"groups": "no such group in this account: gone"}


@pytest.mark.parametrize(
    ("arn", "message"),
    [("arn:aws:iam::123456789012:role/Gone", "no such role"), ("arn:aws:iam::999999999999:role/X", "another account")],
)
def test_a_role_that_does_not_exist_or_is_in_another_account_is_a_conflict(account, arn, message):
    assert message in found(account, role_arn=arn)["role_arn"]


@pytest.mark.parametrize(
    "path", ["aws-service-role/support.amazonaws.com", "aws-reserved/sso.amazonaws.com/eu-west-1", "aws-reserved"]
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_role_that_only_aws_can_change_is_a_conflict(account, path, listed):
    arn = f"arn:aws:iam::123456789012:role/{path}/Protected"
    roles = AccountList((Role("Protected", arn),)) if listed else AccountList(problem=DENIED)
    assert "only AWS can change" in found(replace(account, roles=roles), role_arn=arn)["role_arn"]


@pytest.mark.parametrize("path", ["", "service/", "team/aws-reserved/", "aws-service-roles/"])
def test_a_role_of_the_account_is_not_protected(path):
    assert Role("Own", f"arn:aws:iam::123456789012:role/{path}Own").obstacle == ""


def test_a_disabled_key_and_a_missing_key_have_different_messages(account):
    assert found(account, kms_key_id="alias/old") == {"kms_key_id": "alias/old cannot seal: disabled"}
    assert "no such key in eu-west-1" in found(account, kms_key_id="alias/none")["kms_key_id"]


def test_a_list_that_could_not_be_read_conflicts_with_nothing(account):
    blind = replace(
        account, groups=AccountList(problem=DENIED), roles=AccountList(problem=DENIED), keys=AccountList(problem=DENIED)
    )
    role = "arn:aws:iam::123456789012:role/Gone"
    assert found(blind, groups=["gone"], role_arn=role, kms_key_id="alias/none") == {}


def test_an_administrator_policy_that_cannot_be_read_or_does_not_fit_is_a_conflict(account):
    assert "could not be read" in found(replace(account, admin_policy=DENIED))["region"]
    large = AdminPolicy("arn", "v9", {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "x" * 2100}]})
    assert "2048" in found(replace(account, admin_policy=large))["require_mfa"]


def test_an_unusable_region_is_not_reported_for_the_key_as_well(account):
    assert set(found(account, region="af-south-1", kms_key_id="alias/elsewhere")) == {"region"}


@pytest.mark.parametrize(
    "seal", [{"kms_key_id": "alias/break-glass"}, {"seal_to": ["age1abc"]}, {"seal_mfa_to": ["age1abc"]}]
)
def test_a_sealed_mfa_device_needs_something_to_seal_its_seed(account, seal):
    assert "the MFA seed needs a seal" in found(account, mfa="sealed")["mfa"]
    assert found(account, mfa="sealed", **seal) == {}

"""The initial contents of the simulated account."""

from __future__ import annotations

import re
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.demo_request import demo_request
from breakglass_tui.demo.kms_seed import HOSTILE
from breakglass_tui.domain.account import KmsKey
from breakglass_tui.domain.request import parse_request
from breakglass_tui.ui.assessment.listings import key_items


@pytest.fixture(scope="module")
def keys(demo: DemoAccount, client_for: Any) -> dict[str, Any]:
    kms = client_for(demo, "kms")
    named = {
        alias["TargetKeyId"]: alias["AliasName"] for alias in kms.list_aliases()["Aliases"] if "TargetKeyId" in alias
    }
    ids = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    return {named[id]: kms.describe_key(KeyId=id)["KeyMetadata"] for id in ids if id in named}


def test_the_alias_is_acme_sandbox(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == ["acme-sandbox"]


def test_administrator_access_can_be_read(iam: Any) -> None:
    policy = iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")["Policy"]
    version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    assert version["Document"]["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def test_the_password_policy_is_strict_and_lets_users_change_theirs(iam: Any) -> None:
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] == 14
    assert policy["RequireSymbols"]
    assert policy["RequireUppercaseCharacters"]
    assert policy["AllowUsersToChangePassword"]
    assert not policy["ExpirePasswords"]


def test_there_are_many_groups_roles_and_users_with_ids_like_in_aws(iam: Any) -> None:
    groups = {group["GroupName"]: group for group in iam.list_groups()["Groups"]}
    roles = {role["RoleName"]: role for role in iam.list_roles()["Roles"]}
    users = {user["UserName"]: user for user in iam.list_users()["Users"]}
    assert {"emergency", "developers", "billing", "auditors", "platform-team"} < set(groups)
    assert {"EmergencyAdmin", "OrganizationAccountAccessRole"} < set(roles)
    assert {"ops-admin", "ci-deployer", "Bg-Alice", "bob"} < set(users)
    assert len(groups) >= 12
    assert len(roles) >= 12
    assert users["Bg-Alice"]["Path"] == "/breakglass/"
    assert re.fullmatch("AIDA[A-Z2-7]{17}", users["bob"]["UserId"])
    assert re.fullmatch("AGPA[A-Z2-7]{17}", groups["billing"]["GroupId"])
    assert "[bold]" in roles["LegacyImporter"]["Description"]


def test_the_emergency_role_has_an_mfa_condition(iam: Any, demo: DemoAccount) -> None:
    role = iam.get_role(RoleName="EmergencyAdmin")["Role"]
    statement = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{demo.account_id}:root"}
    assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def test_there_is_a_key_in_every_state(keys: dict[str, Any]) -> None:
    states = {name: (key["KeyState"], key["KeyUsage"], key["KeySpec"]) for name, key in keys.items()}
    assert states["alias/break-glass"] == ("Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
    assert states["alias/old-backups"][0] == "Disabled"
    assert states["alias/retired-2024"][0] == "PendingDeletion"
    assert states["alias/code-signing"][1:] == ("SIGN_VERIFY", "RSA_2048")
    assert states["alias/partner-exchange"][1:] == ("ENCRYPT_DECRYPT", "RSA_2048")
    assert keys["alias/aws/ebs"]["KeyManager"] == "AWS"


def test_a_key_has_a_hostile_description(keys: dict[str, Any]) -> None:
    assert "[/bold]" in keys["alias/vendor-data"]["Description"]
    assert "\x1b]0;x" in keys["alias/vendor-data"]["Description"]


def test_a_picker_offers_a_normal_key_first_and_the_hostile_one_last(keys: dict[str, Any]) -> None:
    listed = tuple(
        KmsKey(
            key["KeyId"],
            key["Arn"],
            (name,),
            state=key["KeyState"],
            usage=key["KeyUsage"],
            spec=key["KeySpec"],
            manager=key["KeyManager"],
            description=key["Description"],
        )
        for name, key in keys.items()
    )
    usable = [item for item in key_items(listed) if not item.obstacle]
    assert [item.name for item in usable] == ["none", "alias/break-glass", "alias/vendor-data"]
    assert usable[-1].detail == HOSTILE


def test_each_seeded_region_has_its_own_keys(demo: DemoAccount, client_for: Any, keys: Any) -> None:
    virginia = client_for(demo, "kms", region="us-east-1").describe_key(KeyId="alias/break-glass")["KeyMetadata"]
    assert virginia["KeyId"] != keys["alias/break-glass"]["KeyId"]
    assert client_for(demo, "kms", region="eu-north-1").list_keys()["Keys"] == []


def test_regions_have_all_opt_in_states(demo: DemoAccount, client_for: Any) -> None:
    pages = client_for(demo, "account").get_paginator("list_regions").paginate(PaginationConfig={"PageSize": 10})
    states = {region["RegionName"]: region["RegionOptStatus"] for page in pages for region in page["Regions"]}
    assert states["eu-west-1"] == "ENABLED_BY_DEFAULT"
    assert states["eu-south-1"] == "ENABLED"
    assert states["af-south-1"] == states["me-south-1"] == "DISABLED"
    assert len(states) > 30
    some = client_for(demo, "account").list_regions(RegionOptStatusContains=["ENABLED"])["Regions"]
    assert {region["RegionOptStatus"] for region in some} == {"ENABLED"}


def test_the_demo_request_is_valid_in_this_account(iam: Any, kms: Any) -> None:
    request = parse_request(demo_request())
    assert request.mfa == "sealed"
    assert request.access == "both"
    assert iam.get_role(RoleName=request.role_arn.rsplit("/")[-1])["Role"]["Arn"] == request.role_arn
    assert iam.get_group(GroupName=request.groups[0])["Group"]["GroupName"] == "emergency"
    assert kms.describe_key(KeyId=request.kms_key_id)["KeyMetadata"]["KeyState"] == "Enabled"


def test_the_summary_contains_the_quotas(iam: Any) -> None:
    summary = iam.get_account_summary()["SummaryMap"]
    assert summary["UserPolicySizeQuota"] == 2048
    assert summary["AccessKeysPerUserQuota"] == 2
    assert summary["GroupsPerUserQuota"] == 10
    assert summary["Users"] >= 8

"""The preflight checks, except permissions and seals."""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime

import pytest
from botocore.exceptions import ClientError

from breakglass_tui.aws.preflight import early_checks, preflight_checks
from breakglass_tui.aws.preflight.admin_policy import AdminPolicyPreflight
from breakglass_tui.aws.preflight.clock_skew import ClockPreflight
from breakglass_tui.aws.preflight.groups_and_role import GroupsPreflight, RolePreflight
from breakglass_tui.aws.preflight.quotas import QuotasPreflight
from breakglass_tui.aws.preflight.user_name_free import UserNamePreflight
from breakglass_tui.domain.account import Account, AccountList
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem

ROLE = "arn:aws:iam::123456789012:role/service/CiDeploy"
ALWAYS = {"name-free", "policy-readable", "quotas", "permissions", "clock"}
RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


@pytest.fixture
def setup_of(bench, tmp_path):
    return lambda **fields: bench.setup(tmp_path / "out", **fields)


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({}, set()),
        ({"groups": ["emergency"]}, {"groups-exist", "lock-out"}),
        ({"mfa": "sealed", "require_mfa": True}, {"lock-out"}),
        ({"role_arn": ROLE}, {"role-exists"}),
        ({"kms_key_id": "alias/break-glass"}, {"seal-works", "output-writable"}),
        ({"seal_to": [RECIPIENT]}, {"seal-works", "output-writable"}),
        ({"mfa": "authenticator"}, set()),
        ({"mfa": "sealed", "seal_mfa_to": [RECIPIENT]}, {"seal-works", "output-writable"}),
    ],
)
def test_only_the_checks_that_the_request_needs_run(bench, setup_of, fields, more):
    assert {check.id for check in preflight_checks(bench.clients, setup_of(**fields))} == ALWAYS | more


def test_all_checks_pass_in_the_simulated_account(bench, setup_of):
    setup = setup_of(
        groups=["emergency"], role_arn=ROLE, kms_key_id="alias/break-glass", mfa="sealed", require_mfa=True
    )
    results = [bench.inspect(check) for check in preflight_checks(bench.clients, setup)]
    assert {result.id: result.status for result in results} == dict.fromkeys(
        (result.id for result in results), CheckStatus.PASS
    )
    assert all(result.expected and result.found and result.why for result in results)


def test_early_checks_have_the_same_results_without_the_account(bench, setup_of):
    setup = setup_of(groups=["emergency", "absent"], role_arn=ROLE, kms_key_id="alias/break-glass", mfa="sealed")
    unread = replace(setup, account=Account(setup.account.caller, setup.request.region))
    early, later = early_checks(bench.clients, unread), early_checks(bench.clients, setup)
    assert {check.id for check in early} == {"name-free", "groups-exist", "seal-works", "quotas", "clock"}
    for without, whole in zip(map(bench.inspect, early), map(bench.inspect, later), strict=True):
        assert [call.operation for call in without.calls] == [call.operation for call in whole.calls] != []
        assert (without.id, without.status, without.found) == (whole.id, whole.status, whole.found)


def test_a_user_name_that_exists_now_fails(bench, setup_of, make_user):
    user = make_user()
    result = bench.inspect(UserNamePreflight(bench.clients, setup_of(user_name=user.name)))
    assert result.status is CheckStatus.FAIL
    assert user.arn in result.found
    assert result.remedy


def test_a_denied_read_of_the_name_is_a_skip(bench, setup_of, refuse):
    refuse("get_user", "AccessDenied")
    assert bench.inspect(UserNamePreflight(bench.clients, setup_of())).status is CheckStatus.SKIP


def test_a_missing_group_fails_and_is_named(bench, setup_of):
    result = bench.inspect(GroupsPreflight(bench.clients, setup_of(groups=["emergency", "gone"])))
    assert result.status is CheckStatus.FAIL
    assert "there is no group gone" in result.found
    assert len(result.calls) == 2


def test_a_missing_role_fails(bench, setup_of):
    arn = "arn:aws:iam::123456789012:role/Gone"
    result = bench.inspect(RolePreflight(bench.clients, setup_of(role_arn=arn)))
    assert result.status is CheckStatus.FAIL
    assert f"there is no role {arn}" in result.found


@pytest.mark.parametrize("name", ["AWSServiceRoleForSupport", "AWSReservedSSO_AdministratorAccess_0123456789abcdef"])
def test_a_protected_role_fails_before_aws_refuses_it(bench, setup_of, name):
    arn = next(role.arn for role in bench.account.roles.items if role.name == name)
    result = bench.inspect(RolePreflight(bench.clients, setup_of(role_arn=arn)))
    assert result.status is CheckStatus.FAIL
    assert "only AWS can change" in result.found
    with pytest.raises(ClientError, match="UnmodifiableEntity"):
        bench.iam.update_assume_role_policy(RoleName=name, PolicyDocument="{}")


def test_a_trust_policy_that_changed_after_the_review_fails(bench, setup_of):
    setup = setup_of(role_arn=ROLE)
    roles = tuple(replace(role, trust={**role.trust, "Id": "older"}) for role in bench.account.roles.items)
    setup = replace(setup, account=replace(bench.account, roles=AccountList(roles)))
    result = bench.inspect(RolePreflight(bench.clients, setup))
    assert result.status is CheckStatus.FAIL
    assert "was changed after the review" in result.found
    assert "review the plan again" in result.remedy


def test_a_trust_policy_with_the_id_of_a_deleted_user_fails_before_aws_refuses_it(bench, setup_of, bend):
    stale = {"Effect": "Allow", "Principal": {"AWS": "AIDAQYLPMN5HEXAMPLE7Z"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [stale]}
    bend("get_role", lambda answer: answer["Role"].update(AssumeRolePolicyDocument=trust))
    result = bench.inspect(RolePreflight(bench.clients, setup_of(role_arn=ROLE)))
    assert result.status is CheckStatus.FAIL
    assert "the id of a deleted user or role: AIDAQYLPMN5HEXAMPLE7Z" in result.found


def test_a_role_that_could_not_be_listed_only_has_to_exist(bench, setup_of):
    listing = AccountList((), Problem("not listed"))
    setup = replace(setup_of(role_arn=ROLE), account=replace(bench.account, roles=listing))
    result = bench.inspect(RolePreflight(bench.clients, setup))
    assert result.status is CheckStatus.PASS
    assert "could not be read for the review" in result.found


def test_an_unread_policy_fails(bench, setup_of):
    setup = replace(setup_of(), account=replace(bench.account, admin_policy=Problem("iam:GetPolicy was denied.")))
    result = bench.inspect(AdminPolicyPreflight(setup))
    assert result.status is CheckStatus.FAIL
    assert "iam:GetPolicy was denied." in result.found


def test_a_policy_too_long_for_a_user_fails(bench, setup_of):
    admin = bench.account.admin_policy
    long = {**admin.document, "Id": "x" * 2048}
    setup = replace(setup_of(), account=replace(bench.account, admin_policy=replace(admin, document=long)))
    result = bench.inspect(AdminPolicyPreflight(setup))
    assert result.status is CheckStatus.FAIL
    assert "2048" in result.found


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, "Deny iam:* on * takes permissions away"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, "is an additional statement, which changes nothing"),
        ("a text", "a statement is not a JSON object"),
    ],
)
def test_a_changed_policy_fails_and_the_difference_is_named(bench, setup_of, statement, says):
    admin = bench.account.admin_policy
    changed = {**admin.document, "Statement": [*admin.document["Statement"], statement]}
    setup = replace(setup_of(), account=replace(bench.account, admin_policy=replace(admin, document=changed)))
    result = bench.inspect(AdminPolicyPreflight(setup))
    assert result.status is CheckStatus.FAIL
    assert result.found.startswith("AdministratorAccess v1 is not the policy that AWS publishes: ")
    assert says in result.found
    assert "only AWS may answer" in result.remedy


def test_an_account_full_of_users_fails(bench, setup_of, bend):
    bend("get_account_summary", lambda answer: answer["SummaryMap"].update(Users=5000))
    result = bench.inspect(QuotasPreflight(bench.clients, setup_of()))
    assert result.status is CheckStatus.FAIL
    assert result.found == "5000 users, the quota is 5000"


def test_the_last_user_that_fits_may_be_the_one_that_is_resumed(bench, setup_of, bend):
    bend("get_account_summary", lambda answer: answer["SummaryMap"].update(Users=5000))
    resumed = replace(setup_of(), resumed=True)
    assert bench.inspect(QuotasPreflight(bench.clients, resumed)).status is CheckStatus.PASS


def test_more_groups_than_a_user_may_have_fail(bench, setup_of, bend):
    bend("get_account_summary", lambda answer: answer["SummaryMap"].update(GroupsPerUserQuota=1))
    result = bench.inspect(QuotasPreflight(bench.clients, setup_of(groups=["emergency", "billing"])))
    assert result.status is CheckStatus.FAIL
    assert "2 groups are requested, the quota is 1 per user" in result.found


def test_a_quota_that_aws_does_not_report_is_a_warning(bench, setup_of, bend):
    bend("get_account_summary", lambda answer: answer.update(SummaryMap={}))
    assert bench.inspect(QuotasPreflight(bench.clients, setup_of())).status is CheckStatus.WARN


def test_denied_quotas_are_a_skip(bench, setup_of, refuse):
    refuse("get_account_summary", "AccessDenied")
    assert bench.inspect(QuotasPreflight(bench.clients, setup_of())).status is CheckStatus.SKIP


@pytest.mark.parametrize(
    ("codes", "seconds", "says", "status"),
    [
        (True, 90, "ahead of", CheckStatus.FAIL),
        (True, -90, "behind", CheckStatus.FAIL),
        (False, 90, "ahead of", CheckStatus.WARN),
        (False, -290, "behind", CheckStatus.WARN),
        (False, 310, "ahead of", CheckStatus.FAIL),
    ],
)
def test_a_clock_that_is_wrong_fails_where_codes_or_signatures_would(bench, bend, codes, seconds, says, status):
    def shift(answer):
        date = format_datetime(bench.clock.now().replace(microsecond=0))
        answer["ResponseMetadata"]["HTTPHeaders"]["date"] = date
        bench.clock.waited += seconds

    bend("get_caller_identity", shift, service="sts")
    result = bench.inspect(ClockPreflight(bench.clients, codes=codes))
    assert result.status is status
    assert says in result.found
    assert "Set the clock" in result.remedy


def test_a_clock_within_a_minute_passes(bench):
    result = bench.inspect(ClockPreflight(bench.clients))
    assert result.status is CheckStatus.PASS
    assert "AWS" in result.found


def test_an_answer_without_a_date_is_a_skip(bench, bend):
    bend("get_caller_identity", lambda answer: answer["ResponseMetadata"]["HTTPHeaders"].pop("date"), service="sts")
    assert bench.inspect(ClockPreflight(bench.clients)).status is CheckStatus.SKIP

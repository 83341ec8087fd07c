"""The check ``role-trust``."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import CheckProven, UserHistory
from breakglass_tui.engine.user_journal import validation_events

STALE = "AIDAQYLPMN5HEXAMPLE7Z"

DENY_ASSUME = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}]}
)


def trust(*principals, effect="Allow", condition=None):
    statements = [
        {"Effect": effect, "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"} for principal in principals
    ]
    if condition:
        statements[0]["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": statements}


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(RoleTrustCheck(bench.clients, subject, subject.request.role_arn))


def test_a_role_that_names_the_user_and_was_not_assumed_is_not_proven(bench, make_user, check):
    user = make_user()
    role = bench.role(trust(user.arn))
    result = check(user.subject(role_arn=role))
    assert (result.status, bool(result.unproven)) == (CheckStatus.WARN, True)
    assert role in result.expected
    assert user.arn in result.expected
    assert "the role was not assumed" in result.found


def test_a_role_that_an_earlier_validation_assumed_passes_until_its_trust_policy_changes(bench, make_user, check):
    user = bench.key_for(make_user())
    role = bench.role(trust(user.arn))
    proven = check(user.subject(access="programmatic", role_arn=role))
    history = UserHistory()
    history.apply(CheckProven(bench.clock.now(), "role-trust", proven.proof, proven.found))
    later = replace(
        user.seen_by_another_process(access="programmatic", role_arn=role),
        access_key_id=user.access_key_id,
        history=history,
    )
    assert check(later).status is CheckStatus.PASS
    both = trust(user.arn)
    both["Statement"].append({**both["Statement"][0], "Sid": "Another"})
    bench.iam.update_assume_role_policy(RoleName=role.split("/")[-1], PolicyDocument=json.dumps(both))
    assert check(later).unproven


def test_a_role_that_a_validation_could_not_assume_stays_a_failure_until_one_assumes_it(bench, make_user, check):
    user = bench.key_for(make_user())
    own = user.subject(access="programmatic", role_arn=bench.role(trust(user.arn)))
    later = replace(
        user.seen_by_another_process(access="programmatic", role_arn=own.request.role_arn),
        access_key_id=user.access_key_id,
        history=UserHistory(),
    )

    def validate():
        result = check(own)
        for event in validation_events(RunRecord(), [result], bench.clock.now()):
            later.history.apply(event)
        return result

    assert validate().status is CheckStatus.PASS
    bench.iam.put_user_policy(UserName=user.name, PolicyName="deny", PolicyDocument=DENY_ASSUME)
    refused = validate()
    assert refused.status is CheckStatus.FAIL
    again = check(later)
    assert again.status is CheckStatus.FAIL
    assert "cannot assume the role" in again.found
    assert f"a validation on {bench.clock.now():%Y-%m-%d} found" in again.found
    assert " validate --user-name " in again.remedy
    bench.iam.delete_user_policy(UserName=user.name, PolicyName="deny")
    assert validate().status is CheckStatus.PASS
    assert check(later).status is CheckStatus.PASS


def test_a_role_is_assumed_with_the_new_key(bench, make_user, check):
    user = bench.key_for(make_user())
    result = check(user.subject(access="programmatic", role_arn=bench.role(trust(user.arn))))
    assert result.status is CheckStatus.PASS
    assert "assumed with the new key" in result.found
    assert result.calls[-1].operation == "sts:AssumeRole"
    assert result.calls[-1].request_id


def test_a_role_with_a_condition_is_not_testable_with_the_key_alone(bench, make_user, check):
    user = bench.key_for(make_user())
    role = bench.role(trust(user.arn, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    result = check(user.subject(access="programmatic", role_arn=role))
    assert result.status is CheckStatus.WARN
    assert "not testable with the access key alone" in result.found
    assert "sts:AssumeRole" not in {call.operation for call in result.calls}


@pytest.mark.parametrize(("mfa", "status"), [("authenticator", CheckStatus.WARN), ("none", CheckStatus.WARN)])
def test_a_console_user_needs_a_device_for_a_role_that_requires_mfa(bench, make_user, check, mfa, status):
    user = make_user()
    role = bench.role(trust(user.arn, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    result = check(user.seen_by_another_process(mfa=mfa, role_arn=role))
    assert result.status is status
    assert ("the role was not assumed" in result.found) is (mfa == "authenticator")
    assert ("not testable with the access key alone" in result.found) is (mfa == "none")
    assert result.unproven


def test_the_guardrail_makes_it_untestable_with_the_key_alone(bench, make_user, check):
    user = bench.key_for(make_user())
    role = bench.role(trust(user.arn))
    result = check(user.subject(access="programmatic", mfa="sealed", require_mfa=True, role_arn=role))
    assert result.status is CheckStatus.WARN
    assert "deny without MFA" in result.found


def test_a_key_that_is_not_allowed_to_assume_the_role_fails_after_a_minute(bench, make_user, check):
    user = bench.key_for(make_user())
    deny = {"Statement": [{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}], "Version": "2012-10-17"}
    bench.iam.put_user_policy(UserName=user.name, PolicyName="deny", PolicyDocument=json.dumps(deny))
    result = check(user.subject(access="programmatic", role_arn=bench.role(trust(user.arn))))
    assert result.status is CheckStatus.FAIL
    assert "the new key cannot assume the role" in result.found
    assert 59 <= bench.clock.waited <= 62


def test_the_id_of_a_deleted_user_fails_with_the_explanation(bench, make_user, check, bend):
    user = make_user()
    role = bench.role(trust(user.arn))
    bend("get_role", lambda answer: answer["Role"].update(AssumeRolePolicyDocument=trust(STALE)))
    result = check(user.seen_by_another_process(role_arn=role))
    assert result.status is CheckStatus.FAIL
    assert STALE in result.found
    assert "deleted" in result.found
    assert "update-assume-role-policy" in result.remedy


def test_a_role_that_names_others_only_fails(bench, make_user, check):
    user, other = make_user(), make_user()
    result = check(user.seen_by_another_process(role_arn=bench.role(trust(other.arn))))
    assert result.status is CheckStatus.FAIL
    assert result.found == "the trust policy does not name this user"
    assert bench.clock.waited == 0


def test_a_statement_that_denies_the_user_fails(bench, make_user, check):
    user = make_user()
    both = trust(user.arn)
    both["Statement"] += trust(user.arn, effect="Deny")["Statement"]
    result = check(user.subject(role_arn=bench.role(both)))
    assert result.status is CheckStatus.FAIL
    assert "denies" in result.found


def test_a_missing_role_fails(bench, make_user, check):
    role = "arn:aws:iam::123456789012:role/Gone"
    result = check(make_user().seen_by_another_process(role_arn=role))
    assert result.status is CheckStatus.FAIL
    assert result.found == f"role {role} does not exist"


def test_a_role_of_the_same_name_with_another_path_fails(bench, make_user, check):
    user = make_user()
    elsewhere = bench.role(trust(user.arn)).replace(":role/", ":role/elsewhere/")
    assert check(user.seen_by_another_process(role_arn=elsewhere)).status is CheckStatus.FAIL


def test_a_denied_read_is_a_skip(bench, make_user, check, refuse):
    user = make_user()
    refuse("get_role", "AccessDenied")
    result = check(user.subject(role_arn=bench.role(trust(user.arn))))
    assert result.status is CheckStatus.SKIP


ACCOUNT = "arn:aws:iam::123456789012:root"
DENIES = [
    {"Principal": "*", "Action": "sts:AssumeRole"},
    {"Principal": {"AWS": "*"}, "Action": "sts:Assume*"},
    {"Principal": {"AWS": ACCOUNT}, "Action": ["sts:*"]},
    {"Principal": {"AWS": "123456789012"}, "NotAction": "sts:TagSession"},
    {"NotPrincipal": {"AWS": [ACCOUNT.replace("root", "user/other")]}, "Action": "sts:AssumeRole"},
]


@pytest.mark.parametrize("deny", DENIES)
def test_a_statement_that_denies_more_than_the_user_fails_too(bench, make_user, check, bend, deny):
    user = make_user()
    both = trust(user.arn)
    both["Statement"].append({"Effect": "Deny", **deny})
    role = bench.role(trust(user.arn))
    bend("get_role", lambda answer: answer["Role"].update(AssumeRolePolicyDocument=both))
    result = check(user.subject(role_arn=role))
    assert result.status is CheckStatus.FAIL
    assert "denies" in result.found


@pytest.mark.parametrize(
    "deny",
    [
        {"Principal": {"AWS": ACCOUNT.replace("root", "user/other")}, "Action": "sts:AssumeRole"},
        {"Principal": "*", "Action": "sts:AssumeRoleWithSAML"},
    ],
)
def test_a_statement_that_denies_others_or_something_else_does_not_matter(bench, make_user, check, bend, deny):
    user = make_user()
    both = trust(user.arn)
    both["Statement"].append({"Effect": "Deny", **deny})
    role = bench.role(trust(user.arn))
    bend("get_role", lambda answer: answer["Role"].update(AssumeRolePolicyDocument=both))
    result = check(user.subject(role_arn=role))
    assert (result.status, "names this user" in result.found) == (CheckStatus.WARN, True)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_untested_condition_does_not_pass_without_the_key_either(bench, make_user, check, bend, effect):
    user = make_user()
    document = trust(user.arn)
    condition = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    if effect == "Deny":
        document["Statement"].append({**trust("*", effect="Deny", condition=condition)["Statement"][0]})
    else:
        document = trust(user.arn, condition=condition)
    role = bench.role(trust(user.arn))
    bend("get_role", lambda answer: answer["Role"].update(AssumeRolePolicyDocument=document))
    result = check(user.seen_by_another_process(role_arn=role))
    assert result.status is CheckStatus.WARN
    assert "condition" in result.found

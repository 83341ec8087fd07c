"""The user's own session in the check ``denies``: real calls outweigh the policy simulator."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from breakglass_tui.aws.checks.denies import DeniesCheck
from breakglass_tui.aws.checks.own_session import DRY_RUN
from breakglass_tui.domain.checks import CheckStatus, readiness
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import CheckProven, UserHistory
from breakglass_tui.engine.user_journal import validation_events


def deny(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": actions, "Resource": "*"}]})


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(DeniesCheck(bench.clients, subject))


@pytest.fixture
def user(bench, make_user):
    return bench.key_for(make_user(policy=inline_document(bench.account.admin_policy, require_mfa=False)))


def simulations(result):
    """Return how many simulations are evidence of ``result``."""
    return sum(call.operation == "iam:SimulatePrincipalPolicy" for call in result.calls)


@pytest.fixture
def subject(user):
    return user.subject(access="programmatic")


def test_the_user_reads_itself_and_makes_a_dry_run_write_in_its_region(check, subject):
    result = check(subject)
    assert result.status is CheckStatus.PASS
    assert "the user read its own data and passed a dry-run write in eu-west-1, with the access key" in result.found
    assert DRY_RUN in {call.operation for call in result.calls}
    assert result.proof.startswith(subject.access_key_id)


def test_a_deny_that_the_user_itself_meets_fails_after_a_minute(bench, user, subject, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=deny("ec2:*"))
    result = check(subject)
    assert (result.status, result.proof) == (CheckStatus.FAIL, "")
    assert "AWS refused a test call with the access key" in result.found
    assert bench.clock.waited >= 59


def test_a_simulated_deny_of_a_user_that_can_act_is_a_risk_and_is_not_waited_for(bench, user, subject, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=deny("kms:PutKeyPolicy"))
    result = check(subject)
    assert (result.status, result.caution) == (CheckStatus.WARN, "The policy simulator denies 1 of 11 actions")
    assert simulations(result) == 2
    assert bench.clock.waited == 0


def test_a_simulation_that_is_made_during_the_real_calls_is_not_made_again(subject, check):
    result = check(subject)
    assert "all 11 sampled actions allowed" in result.found
    assert simulations(result) == 1


def test_a_deny_that_the_simulation_during_the_real_calls_reports_is_simulated_again(subject, check, bend):
    answers = []

    def deny_once(answer):
        answers.append(answer)
        if len(answers) == 1:
            answer["EvaluationResults"][0]["EvalDecision"] = "implicitDeny"

    bend("simulate_principal_policy", deny_once)
    result = check(subject)
    assert result.status is CheckStatus.PASS
    assert simulations(result) == 2


def test_the_user_simulates_for_itself_where_the_operator_may_not(subject, check, refuse):
    refuse("simulate_principal_policy", "AccessDenied")
    result = check(subject)
    assert result.status is CheckStatus.PASS
    assert "all 11 sampled actions allowed" in result.found


def test_without_any_simulator_the_real_calls_are_enough(subject, check, refuse):
    refuse("simulate_principal_policy", "NotImplemented")
    result = check(subject)
    assert (result.status, result.unproven) == (CheckStatus.WARN, "")
    assert not any(reason.check == "denies" for reason in readiness([result]).reasons)
    assert "the policy simulator could not be asked" in result.found


def test_without_simulator_and_credentials_the_user_is_not_proven(user, check, refuse):
    refuse("simulate_principal_policy", "AccessDenied")
    result = check(user.seen_by_another_process(access="programmatic"))
    assert result.status is CheckStatus.SKIP
    assert any(reason.check == "denies" for reason in readiness([result]).reasons)


def test_the_credentials_of_another_user_prove_nothing(bench, make_user, check):
    user, other = bench.key_for(make_user()), bench.key_for(make_user(policy=bench.account.admin_policy.document))
    mixed = replace(user.subject(access="programmatic"), vault=other.vault, access_key_id=other.access_key_id)
    result = check(mixed)
    assert result.status is CheckStatus.FAIL
    assert f"AWS refused a test call with the access key: AWS reports {other.arn}, not {user.arn}" in result.found


def test_a_guarded_user_acts_with_its_mfa_session(bench, make_user, check):
    user = bench.key_for(make_user(policy=inline_document(bench.account.admin_policy, require_mfa=True)))
    serial = bench.device_for(user)
    subject = user.subject(access="programmatic", mfa="sealed", require_mfa=True, mfa_serial=serial)
    result = check(subject)
    assert result.status is CheckStatus.PASS, result.found
    assert "with the access key and MFA" in result.found


def test_an_organization_whose_conditions_the_simulator_may_not_know_does_not_fail_the_user(user, check, bend):
    def spoil(answer):
        answer["EvaluationResults"][0].update(
            EvalDecision="explicitDeny", OrganizationsDecisionDetail={"AllowedByOrganizations": False}
        )

    bend("simulate_principal_policy", spoil)
    result = check(user.seen_by_another_process(access="programmatic"))
    assert (result.status, bool(result.unproven)) == (CheckStatus.WARN, True)
    assert "policy of the organization" in result.unproven


def test_the_simulator_gets_the_region_and_the_principal(user, check, monkeypatch, bench):
    asked, client = [], bench.clients.get("iam", writes=False)
    real = client.simulate_principal_policy
    monkeypatch.setattr(client, "simulate_principal_policy", lambda **values: asked.append(values) or real(**values))
    check(user.seen_by_another_process(access="programmatic"))
    entries = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in asked[0]["ContextEntries"]}
    assert entries == {
        "aws:PrincipalArn": [user.arn],
        "aws:PrincipalAccount": ["123456789012"],
        "aws:RequestedRegion": ["eu-west-1"],
    }


@pytest.mark.parametrize(("days", "changed", "counts"), [(1, False, True), (46, False, False), (1, True, False)])
def test_an_earlier_proof_counts_while_key_and_policies_are_the_same(
    bench, user, subject, check, refuse, days, changed, counts
):
    proven = check(subject)
    history = UserHistory()
    history.apply(CheckProven(bench.clock.now() - timedelta(days=days), "denies", proven.proof, proven.found))
    if changed:
        bench.iam.put_user_policy(UserName=user.name, PolicyName="another", PolicyDocument=deny("s3:x"))
    later = replace(
        user.seen_by_another_process(access="programmatic"), access_key_id=user.access_key_id, history=history
    )
    refuse("simulate_principal_policy", "AccessDenied")
    result = check(later)
    assert (result.status is CheckStatus.WARN) is counts, result.found
    assert ("acted with its own credentials" in result.found) is counts


def test_what_aws_refused_to_the_user_stays_a_failure_while_the_policies_are_the_same(bench, user, subject, check):
    barrier = deny("ec2:CreateInternetGateway")
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=barrier)
    refused = check(subject)
    assert (refused.status, refused.proof, bool(refused.disproof)) == (CheckStatus.FAIL, "", True)
    history = UserHistory()
    for event in validation_events(RunRecord(), [refused], bench.clock.now()):
        history.apply(event)
    later = replace(
        user.seen_by_another_process(access="programmatic"), access_key_id=user.access_key_id, history=history
    )
    result = check(later)
    assert result.status is CheckStatus.FAIL
    assert f"a validation on {bench.clock.now():%Y-%m-%d} found: AWS refused a test call" in result.found
    bench.iam.delete_user_policy(UserName=user.name, PolicyName="barrier")
    assert check(later).status is CheckStatus.PASS

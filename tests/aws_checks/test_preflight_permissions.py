"""The preflight check permissions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.preflight.permissions import PermissionsPreflight, iam_actions_by_resource
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem

HERE = "arn:aws:iam::123456789012:"


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.fixture
def as_caller(bench, tmp_path):
    """Return the result for a caller with this ARN."""

    def inspect(arn, **fields):
        setup = bench.setup(tmp_path, **fields)
        caller = replace(bench.account.caller, arn=arn)
        setup = replace(setup, account=replace(bench.account, caller=caller))
        return bench.inspect(PermissionsPreflight(bench.clients, setup))

    return inspect


@pytest.fixture
def operator(bench, make_user):
    """Create a caller with these policy statements, and return its ARN."""

    def make(*statements):
        user = make_user(path="/ops/")
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        bench.iam.put_user_policy(UserName=user.name, PolicyName="ops", PolicyDocument=document)
        return user.arn

    return make


def test_an_administrator_may_do_everything(bench, as_caller):
    result = as_caller(bench.account.caller.arn, mfa="sealed", groups=["emergency"], access="both")
    assert result.status is CheckStatus.PASS
    assert "(policy simulator)" in result.found
    assert {call.operation for call in result.calls} == {"iam:SimulatePrincipalPolicy"}
    assert len(result.calls) <= 4


def test_a_missing_action_fails_and_is_named(as_caller, operator):
    arn = operator(allow("iam:*"), {"Effect": "Deny", "Action": "iam:DeleteLoginProfile", "Resource": "*"})
    result = as_caller(arn)
    assert result.status is CheckStatus.FAIL
    assert result.found == "denied: iam:DeleteLoginProfile"
    assert "Ask an administrator for iam:DeleteLoginProfile" in result.remedy


def test_permissions_for_the_path_alone_are_enough(as_caller, operator):
    arn = operator(
        allow("iam:*", f"{HERE}user/breakglass/*"),
        allow("iam:*", f"{HERE}mfa/*"),
        allow("iam:*", f"{HERE}group/emergency"),
        allow(["iam:GetAccountPasswordPolicy", "iam:GetAccountSummary", "iam:ListVirtualMFADevices"]),
    )
    result = as_caller(arn, mfa="sealed", groups=["emergency"], access="both")
    assert result.status is CheckStatus.PASS, result.found


def test_one_group_of_two_denied_fails(as_caller, operator):
    arn = operator(allow("iam:*", f"{HERE}user/*"), allow("iam:*", f"{HERE}group/emergency"), allow("iam:Get*"))
    result = as_caller(arn, groups=["emergency", "billing"])
    assert result.status is CheckStatus.FAIL
    assert "iam:AddUserToGroup" in result.found


def test_a_condition_key_unknown_to_the_simulator_is_a_warning(as_caller, operator):
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    result = as_caller(operator(allow("iam:*", Condition=condition)))
    assert result.status is CheckStatus.WARN
    assert "aws:MultiFactorAuthPresent" in result.found
    assert "iam:CreateUser" in result.found


def test_a_denial_by_the_organization_is_a_warning_and_never_blocks_the_run(bench, as_caller, bend):
    def deny(answer):
        for result in answer["EvaluationResults"]:
            if result["EvalActionName"] == "iam:CreateUser":
                result["EvalDecision"] = "explicitDeny"
                result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": False}

    bend("simulate_principal_policy", deny)
    result = as_caller(bench.account.caller.arn)
    assert result.status is CheckStatus.WARN
    assert "denied by a policy of the organization" in result.found
    assert "iam:CreateUser" in result.found


def test_a_decision_on_one_resource_counts(bench, as_caller, bend):
    def deny(answer):
        part = {"EvalResourceName": "x", "EvalResourceDecision": "implicitDeny"}
        answer["EvaluationResults"][0]["ResourceSpecificResults"] = [part]
        answer["EvaluationResults"][0]["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": False}

    bend("simulate_principal_policy", deny)
    result = as_caller(bench.account.caller.arn)
    assert result.status is CheckStatus.FAIL
    assert "(by your permissions boundary)" in result.found


def test_an_assumed_role_is_simulated_as_its_role_with_its_path(bench, as_caller):
    result = as_caller("arn:aws:sts::123456789012:assumed-role/TerraformApply/a-session")
    assert result.status is CheckStatus.PASS
    assert f"{HERE}role/service/TerraformApply" in result.expected
    assert result.calls[0].operation == "iam:GetRole"


@pytest.mark.parametrize("principal", [f"{HERE}root", "arn:aws:sts::123456789012:federated-user/eve"])
def test_root_and_federated_users_cannot_be_simulated_and_are_a_skip(as_caller, principal):
    result = as_caller(principal)
    assert result.status is CheckStatus.SKIP
    assert "cannot be simulated" in result.found
    assert result.calls == ()


@pytest.mark.parametrize("code", ["AccessDenied", "NotImplemented"])
def test_a_simulator_that_is_denied_or_missing_is_a_skip(bench, as_caller, refuse, code):
    refuse("simulate_principal_policy", code)
    assert as_caller(bench.account.caller.arn).status is CheckStatus.SKIP


def test_actions_are_grouped_by_their_resources(bench, tmp_path):
    role = f"{HERE}role/service/CiDeploy"
    setup = bench.setup(tmp_path, user_name="bg", path="/x/", groups=["emergency", "unlisted"], role_arn=role)
    setup = replace(setup, account=replace(bench.account, groups=replace(bench.account.groups, problem=Problem("no"))))
    scope = PermissionScope(setup.account, setup.request)
    permissions = [
        *scope.user("iam:CreateUser", "iam:GetUser"),
        *scope.device("0011223344", "iam:TagMFADevice"),
        *scope.groups("iam:AddUserToGroup"),
        *scope.role("iam:GetRole"),
        *scope.account_wide("iam:GetAccountSummary", "kms:ListKeys"),
    ]
    assert iam_actions_by_resource(permissions) == {
        (f"{HERE}user/x/bg",): ["iam:CreateUser", "iam:GetUser"],
        (f"{HERE}mfa/bg-00112233",): ["iam:TagMFADevice"],
        (f"{HERE}group/emergency", f"{HERE}group/unlisted"): ["iam:AddUserToGroup"],
        (role,): ["iam:GetRole"],
        ("*",): ["iam:GetAccountSummary"],
    }


def test_an_action_without_an_answer_of_the_simulator_does_not_count_as_allowed(bench, as_caller, bend):
    bend("simulate_principal_policy", lambda answer: answer.update(EvaluationResults=[]))
    result = as_caller(bench.account.caller.arn)
    assert result.status is CheckStatus.WARN
    assert "gave no answer for" in result.found
    assert "iam:CreateUser" in result.found
    assert "are allowed" not in result.found

"""The IAM policy of ``plan --iam-policy`` is enough for the whole life of a user, and each of its actions is needed.

The simulated account enforces it: the operator has this policy and no other permission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from alert_world import REGIONS, Alerts
from killing import Point, Processes, Unlooked
from operator_life import Life, Operator

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.commands.iam_policy import MANAGED_QUOTA, iam_policy, iam_policy_notes
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.overlay.authorization import NEEDS_NO_PERMISSION
from breakglass_tui.demo.world import World
from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.policy import size
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.compose import subject_of
from breakglass_tui.engine.first_sign_in import PasswordChecked, first_sign_in

HERE = "arn:aws:iam::123456789012:"
ANY_SIGN_IN = '{"source":["aws.signin"],"detail":{"eventName":["ConsoleLogin"]}}'
FULL: dict[str, Any] = {"access": "both", "mfa": "sealed", "kms_key_id": "alias/break-glass"}
ACTIONS = [
    "account:ListRegions",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "events:ListRules",
    "events:ListTargetsByRule",
    "events:TestEventPattern",
    "iam:AddUserToGroup",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "iam:CreateVirtualMFADevice",
    "iam:DeactivateMFADevice",
    "iam:DeleteAccessKey",
    "iam:DeleteLoginProfile",
    "iam:DeleteUser",
    "iam:DeleteUserPolicy",
    "iam:DeleteVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GenerateCredentialReport",
    "iam:GetAccessKeyLastUsed",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:GetGroup",
    "iam:GetGroupPolicy",
    "iam:GetLoginProfile",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetUser",
    "iam:GetUserPolicy",
    "iam:ListAccessKeys",
    "iam:ListAccountAliases",
    "iam:ListAttachedGroupPolicies",
    "iam:ListAttachedUserPolicies",
    "iam:ListGroupPolicies",
    "iam:ListGroups",
    "iam:ListGroupsForUser",
    "iam:ListMFADevices",
    "iam:ListRoles",
    "iam:ListUserPolicies",
    "iam:ListUserTags",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "iam:PutUserPolicy",
    "iam:RemoveUserFromGroup",
    "iam:SimulatePrincipalPolicy",
    "iam:TagMFADevice",
    "iam:TagUser",
    "iam:UpdateAssumeRolePolicy",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:ListAliases",
    "kms:ListKeys",
    "organizations:DescribeOrganization",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
]
"""The actions of the policy of a request with every option."""
SAMPLE = frozenset({"iam:TagUser", "iam:ListUsers", "iam:GetRole", "kms:Decrypt", "sns:GetTopicAttributes"})
"""The actions that ``make test`` removes, one for each stage and kind of resource."""


def give_selectors_of_its_own(world: World) -> None:
    """Give the trail an advanced selector, which the program must read to know what the trail records."""
    management = {"Field": "eventCategory", "Equals": ["Management"]}
    world.trails[0].advanced, world.trails[0].selectors = True, [{"FieldSelectors": [management]}]


@pytest.fixture(scope="module")
def shared_account() -> Iterator[Any]:
    """Create an account in which every optional read finds something, with an operator who has no permissions yet."""
    with DemoAccount() as demo:
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        clients = Clients(session, endpoint_url=demo.start())
        iam, kms = (session.client(service, endpoint_url=demo.start()) for service in ("iam", "kms"))
        iam.update_account_password_policy(MinimumPasswordLength=14, MaxPasswordAge=90)
        service = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
        role = iam.create_role(RoleName="alert-target", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        alerts = Alerts(demo)
        alerts.create("anyone", pattern=ANY_SIGN_IN)
        alerts.rule(REGIONS[0], lambda rule: rule.targets["1"].update(RoleArn=role))
        alerts.world(give_selectors_of_its_own)
        *_, account = assess.assess(clients, "eu-west-1", assess.identify(clients))
        yield SimpleNamespace(demo=demo, endpoint=demo.start(), clients=clients, iam=iam, kms=kms, account=account)


@pytest.fixture
def operator(shared_account: Any, lab: Any) -> Operator:
    """Return a new operator without permissions, and give the group of the test an inline policy to read."""
    allow = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    lab.iam.put_group_policy(GroupName=lab.group, PolicyName="buckets", PolicyDocument=document)
    return Operator(shared_account.iam, shared_account.endpoint, f"operator-{lab.name}")


def policy_for(lab: Any, operator: Operator, **fields: Any) -> str:
    """Return the policy of a plan that an administrator makes for the operator."""
    account = replace(lab.account, caller=assess.identify(operator.clients))
    setup = lab.setup(account, **fields)
    return iam_policy(setup, AwsCloud(lab.clients, demo=True).plan(setup))


def every_option(lab: Any) -> dict[str, Any]:
    return {**FULL, "groups": [lab.group], "role_arn": lab.role_arn}


def actions_of(policy: str) -> set[str]:
    return {action for statement in json.loads(policy)["Statement"] for action in statement["Action"]}


@pytest.fixture(scope="module")
def as_administrator() -> dict[str, dict[str, str]]:
    """The stages of a life with all permissions. The first test that needs them fills it."""
    return {}


def expected_stages(lab: Any, known: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    if not known:
        known.update(Life(lab, lab.clients, every_option(lab)).stages())
    return known


def test_the_whole_life_under_the_policy_is_that_of_an_administrator(
    lab: Any, operator: Operator, as_administrator: dict[str, dict[str, str]]
) -> None:
    expected = expected_stages(lab, as_administrator)
    operator.allow(policy_for(lab, operator, **every_option(lab)))
    found = dict(Life(lab, operator.clients, every_option(lab)).stages())
    assert found == expected
    assert found["run"]["status"] == RunStatus.DONE
    assert found["undo"]["status"] == f"{RunStatus.UNDONE} None"
    assert found["preflight"]["permissions"].startswith("pass")


def test_a_killed_run_is_resumed_and_undone_under_the_policy(
    lab: Any, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.allow(policy_for(lab, operator, **every_option(lab)))
    lab.clients = operator.clients
    processes = Processes(lab, monkeypatch)
    processes.begin(Point(e.StepFinished, "login-profile", before=True), kms_key_id="alias/break-glass")
    assert processes.again(undo=False).status is RunStatus.DONE
    assert processes.again(undo=True).status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_the_first_sign_in_is_made_under_the_policy(lab: Any, operator: Operator) -> None:
    fields = {"access": "console", "kms_key_id": "alias/break-glass"}
    operator.allow(policy_for(lab, operator, **fields))
    lab.clients, lab.cloud = operator.clients, AwsCloud(operator.clients, demo=False)
    setup, seen = lab.setup(**fields), list[bool]()
    assert lab.run(setup, with_preflight=True).record.status is RunStatus.DONE
    work = first_sign_in(lab.cloud, setup, lab.store.find(setup.run_id), lab.store, lab.clock)

    def follow(event: Any) -> None:
        if isinstance(event, PasswordChecked):
            seen.append(event.pending)
            if event.pending:
                lab.demo.sign_in(lab.name, work.temporary, work.permanent)
                work.check_now()

    work.run(follow)
    assert seen == [True, False]


def test_the_actions_of_the_policy_are_those_of_the_matrix(lab: Any, operator: Operator) -> None:
    assert actions_of(policy_for(lab, operator, **every_option(lab))) == set(ACTIONS)


@pytest.mark.parametrize(
    "action", [pytest.param(each, marks=() if each in SAMPLE else pytest.mark.matrix) for each in ACTIONS]
)
def test_without_one_action_the_life_differs(
    lab: Any, operator: Operator, as_administrator: dict[str, dict[str, str]], action: str
) -> None:
    expected = expected_stages(lab, as_administrator)
    operator.allow(policy_for(lab, operator, **every_option(lab)), without=action)
    stages = Life(lab, operator.clients, every_option(lab)).stages()
    different = next((stage for stage, found in stages if found != expected[stage]), "")
    assert different, f"{action} is in the policy and no stage needs it"


def test_each_check_declares_the_actions_that_it_calls(lab: Any) -> None:
    lab.cloud = Unlooked(lab.clients, demo=True)
    setup = lab.setup(**every_option(lab))
    subject = replace(subject_of(setup, lab.run(setup).record), vault=None, created_here=False)
    cloud = AwsCloud(lab.clients, demo=True)
    for checks in (cloud.preflight(setup), cloud.checks(subject)):
        declared = {check.id: {permission.action for permission in check.permissions} for check in checks}
        events = CheckRunner(checks, lab.clock).events()
        results = [event.result for event in events if isinstance(event, e.CheckFinished)]
        assert {result.id for result in results} == set(declared)
        for result in results:
            called = {call.operation for call in result.calls} - NEEDS_NO_PERMISSION
            assert called <= declared[result.id], result.id


def test_a_request_for_the_console_alone_needs_no_keys_and_no_devices(lab: Any, operator: Operator) -> None:
    actions = actions_of(policy_for(lab, operator, access="console"))
    assert not {action for action in actions if action.startswith("kms:")}
    # The mission checks that the user has no other credential: these two reads stay.
    reads = {"iam:ListAccessKeys", "iam:ListMFADevices"}
    assert {action for action in actions if "AccessKey" in action or "MFA" in action} == reads
    assert not {action for action in actions if "Group" in action} - {"iam:ListGroupsForUser"}
    assert "iam:UpdateAssumeRolePolicy" not in actions


def test_every_wildcard_has_a_reason_and_the_policy_fits(lab: Any) -> None:
    setup = lab.setup(**every_option(lab))
    plan = lab.cloud.plan(setup)
    document, notes = json.loads(iam_policy(setup, plan)), iam_policy_notes(setup, plan)
    assert size(document) <= MANAGED_QUOTA
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)
    for statement in document["Statement"]:
        wild = any("*" in arn for arn in statement["Resource"])
        lines = [index for index, line in enumerate(notes) if line.startswith(f"  {statement['Sid']}: ")]
        assert len(lines) == wild, statement["Sid"]
        for index in lines:
            assert notes[index + 1].endswith(".")
    pairs = [(action, arn) for each in document["Statement"] for action in each["Action"] for arn in each["Resource"]]
    assert len(set(pairs)) == len(pairs)


def test_the_resources_are_those_of_the_request(lab: Any) -> None:
    setup = lab.setup(path="/x/", **every_option(lab))
    document = json.loads(iam_policy(setup, lab.cloud.plan(setup)))
    resources = {action: statement["Resource"] for statement in document["Statement"] for action in statement["Action"]}
    key = next(key.arn for key in lab.account.keys.items if key.is_called("alias/break-glass"))
    assert resources["iam:CreateUser"] == [f"{HERE}user/x/{lab.name}"]
    assert resources["iam:CreateVirtualMFADevice"] == [f"{HERE}mfa/{lab.name}-*"]
    assert resources["iam:AddUserToGroup"] == [f"{HERE}group/{lab.group}"]
    assert resources["iam:UpdateAssumeRolePolicy"] == [lab.role_arn]
    assert resources["kms:Encrypt"] == [key]
    assert resources["iam:ListUsers"] == ["*"]

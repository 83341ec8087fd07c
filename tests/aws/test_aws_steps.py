"""Single steps: their description before the run, and the refusals that only they handle."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from breakglass_tui.aws.steps.trust_statement import diff, has_statement, remove_user
from breakglass_tui.domain.account import AccountList, PasswordPolicy, Role
from breakglass_tui.domain.events import RunStatus, StepStarted, StepStatus
from breakglass_tui.domain.ownership import trust_sid
from breakglass_tui.domain.policy import EARLIER_GUARDRAILS, size
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.trust_policy import with_user

DEPLOY = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def step(lab: Any, id: str, **fields: Any) -> Any:
    plan = lab.cloud.plan(lab.everything(**fields))
    return next(step for step in plan.steps if step.id == id)


def at(id: str, action: Any) -> Any:
    def watch(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == id:
            action()

    return watch


def test_each_step_describes_what_it_will_create(lab: Any) -> None:
    said = {step.id: step.change for step in lab.cloud.plan(lab.everything(tags={"team": "ops"})).steps}
    assert (
        said["create-user"].sentence
        == f"user {lab.name} under /breakglass/ with 3 tags: 2 of the program, 1 of the request"
    )
    assert said["inline-policy"].sentence.startswith(
        "inline policy BreakGlassAdministratorAccess: AdministratorAccess v1"
    )
    assert f"joins group {lab.group}" in said["group-membership"].sentence
    assert [change.mark for change in said.values()] == ["new", "new", "new", "member", "diff", "new", "new"]


def test_the_diff_adds_one_statement_and_nothing_else(lab: Any) -> None:
    lines = step(lab, "role-trust").change.diff.splitlines()[2:]
    added = [line[1:].strip() for line in lines if line.startswith("+")]
    removed = [line[1:].strip() for line in lines if line.startswith("-")]
    assert any(f"user/breakglass/{lab.name}" in line for line in added)
    assert removed == []
    assert len([line for line in added if line.startswith('"')]) == len(["Sid", "Effect", "Principal", "AWS", "Action"])


def test_the_diff_is_what_is_applied(lab: Any) -> None:
    outcome = lab.run(lab.everything())
    assert outcome.record.status is RunStatus.DONE
    statement = lab.trust()["Statement"][1]
    diff_lines = [line[1:] for line in step(lab, "role-trust").change.diff.splitlines()]
    for line in json.dumps(statement["Principal"], indent=2).splitlines()[1:-1]:
        assert any(line.strip() in shown for shown in diff_lines)


def test_every_call_of_a_run_is_a_planned_action(lab: Any) -> None:
    setup = lab.everything(kms_key_id="alias/break-glass")
    announced = {permission.action for permission in lab.cloud.plan(setup).step_permissions()}
    made = {call.operation for step in lab.run(setup).record.steps.values() for call in step.calls}
    assert made <= announced, made - announced


def test_every_call_of_an_undo_is_a_planned_action(lab: Any, spoil: Any) -> None:
    setup = lab.everything()
    announced = {permission.action for permission in lab.cloud.plan(setup).step_permissions()}
    outcome = lab.run(setup, watch=at("role-trust", lambda: spoil("get_role", code="AccessDenied", times=1)))
    made = {call.operation for step in outcome.record.steps.values() for call in step.calls}
    assert outcome.record.status is RunStatus.UNDONE
    assert made <= announced, made - announced


def test_a_group_deleted_during_the_run_is_named_and_everything_is_undone(lab: Any) -> None:
    outcome = lab.run(lab.everything(), watch=at("group-membership", lambda: lab.iam.delete_group(GroupName=lab.group)))
    assert outcome.record.problem.kind is Kind.MISSING
    assert outcome.record.problem.what == f"The group {lab.group} no longer exists."
    assert outcome.record.status is RunStatus.UNDONE
    assert not lab.exists(lab.name)


def test_a_user_that_a_group_cannot_see_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    spoil("add_user_to_group", code="NoSuchEntity", times=4)
    assert lab.run(lab.setup(groups=[lab.group], kms_key_id="alias/break-glass")).record.status is RunStatus.DONE


def test_several_groups_are_joined(lab: Any) -> None:
    outcome = lab.run(lab.setup(groups=[lab.group, "auditors"], kms_key_id="alias/break-glass"))
    groups = {group["GroupName"] for group in lab.iam.list_groups_for_user(UserName=lab.name)["Groups"]}
    assert groups == {lab.group, "auditors"}
    assert outcome.record.steps["group-membership"].title == f"Groups {lab.group}, auditors"


def test_a_role_deleted_during_the_run_is_named(lab: Any) -> None:
    outcome = lab.run(lab.everything(), watch=at("role-trust", lambda: lab.iam.delete_role(RoleName=lab.role)))
    assert outcome.record.problem.what == f"The role {lab.role} no longer exists."
    assert outcome.record.status is RunStatus.UNDONE


def test_a_trust_policy_changed_during_the_run_is_kept(lab: Any) -> None:
    changed = {"Version": "2012-10-17", "Statement": [DEPLOY]}

    def change() -> None:
        lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(changed))

    outcome = lab.run(lab.everything(), watch=at("role-trust", change))
    assert outcome.record.problem.code == "Changed"
    assert outcome.record.status is RunStatus.UNDONE
    assert lab.trust() == changed


def test_the_undo_keeps_what_others_added_to_the_trust_policy(lab: Any, spoil: Any) -> None:
    def others(event: Any, run: Any) -> None:
        if type(event).__name__ == "UndoStarted":
            trust = lab.trust()
            trust["Statement"].insert(0, DEPLOY)
            lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(trust))
        if isinstance(event, StepStarted) and event.step == "inline-policy":
            spoil("get_user_policy", code="AccessDenied", skip=1, times=1)

    outcome = lab.run(lab.everything(), watch=others)
    assert outcome.record.status is RunStatus.UNDONE
    assert outcome.record.steps["role-trust"].status is StepStatus.UNDONE
    statements = lab.trust()["Statement"]
    assert DEPLOY in statements
    assert len(statements) == 2


def test_a_user_that_a_trust_policy_cannot_see_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    fault = spoil("update_assume_role_policy", code="MalformedPolicyDocument", times=30)
    outcome = lab.run(lab.everything())
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert fault.sent == 1


def test_a_trust_policy_that_names_a_deleted_user_is_refused_at_once(lab: Any) -> None:
    stale = {"Version": "2012-10-17", "Statement": [{**DEPLOY, "Principal": {"AWS": "AIDAQYLPMN5HDELETED12"}}]}
    real = lab.clients.get("iam", region="eu-west-1", writes=False)
    role = real.get_role(RoleName=lab.role)
    role["Role"]["AssumeRolePolicyDocument"] = stale
    account = replace(lab.account, roles=AccountList((Role(lab.role, lab.role_arn, stale),)))
    setup = lab.setup(account, role_arn=lab.role_arn, kms_key_id="alias/break-glass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "get_role", lambda **_: role)
        outcome = lab.run(setup)
    assert "AIDAQYLPMN5HDELETED12" in outcome.record.problem.what
    assert outcome.calls("iam:UpdateAssumeRolePolicy") == 0


def test_a_trust_policy_without_room_is_refused_before_it_is_sent(lab: Any) -> None:
    conditions = {"StringEquals": {"sts:ExternalId": ["x" * 90 + str(number) for number in range(19)]}}
    full = {"Version": "2012-10-17", "Statement": [{**DEPLOY, "Condition": conditions}]}
    assert size(full) <= 2048 < size(with_user(full, trust_sid("0" * 16), f"arn:aws:iam::123456789012:user/{lab.name}"))
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(full))
    account = replace(lab.account, roles=AccountList((Role(lab.role, lab.role_arn, full),)))
    outcome = lab.run(lab.setup(account, role_arn=lab.role_arn, kms_key_id="alias/break-glass"))
    assert outcome.record.problem.code == "LimitExceeded"
    assert outcome.calls("iam:UpdateAssumeRolePolicy") == 0
    assert lab.trust() == full


def test_a_password_that_a_changed_policy_refuses_is_generated_again(lab: Any) -> None:
    old = lab.iam.get_account_password_policy()["PasswordPolicy"]
    account = replace(lab.account, password_policy=PasswordPolicy())
    try:
        lab.iam.update_account_password_policy(MinimumPasswordLength=60)
        outcome = lab.run(lab.setup(account, kms_key_id="alias/break-glass"))
    finally:
        unset = ("ExpirePasswords", "HardExpiry", "MaxPasswordAge")
        lab.iam.update_account_password_policy(**{key: value for key, value in old.items() if key not in unset})
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert outcome.calls("iam:CreateLoginProfile") == 2
    assert len(outcome.setup.vault.get("password").reveal()) == 60
    assert lab.envelopes() == [f"{lab.name}.password.kms.json"]


def test_a_password_that_stays_refused_ends_the_run(lab: Any, spoil: Any) -> None:
    fault = spoil("create_login_profile", code="PasswordPolicyViolation")
    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"))
    assert fault.seen == 2
    assert outcome.record.problem.code == "PasswordPolicyViolation"
    assert lab.nothing_left()


def test_an_equal_policy_on_the_user_is_reported_as_unchanged(lab: Any) -> None:
    def put() -> None:
        document = json.dumps(lab.account.admin_policy.document)
        lab.iam.put_user_policy(UserName=lab.name, PolicyName="BreakGlassAdministratorAccess", PolicyDocument=document)

    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at("inline-policy", put))
    assert outcome.record.steps["inline-policy"].status is StepStatus.UNCHANGED


def test_the_policy_of_an_earlier_release_is_left_as_it_is(lab: Any) -> None:
    document = dict(lab.account.admin_policy.document)
    document["Statement"] = [*document["Statement"], EARLIER_GUARDRAILS[0]]

    def put() -> None:
        name = "BreakGlassAdministratorAccess"
        lab.iam.put_user_policy(UserName=lab.name, PolicyName=name, PolicyDocument=json.dumps(document))

    setup = lab.setup(kms_key_id="alias/break-glass", mfa="sealed", require_mfa=True)
    outcome = lab.run(setup, watch=at("inline-policy", put))
    assert outcome.record.steps["inline-policy"].status is StepStatus.UNCHANGED
    found = lab.iam.get_user_policy(UserName=lab.name, PolicyName="BreakGlassAdministratorAccess")["PolicyDocument"]
    assert found == document


def test_another_policy_of_that_name_is_never_overwritten(lab: Any) -> None:
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}

    def put() -> None:
        name = "BreakGlassAdministratorAccess"
        lab.iam.put_user_policy(UserName=lab.name, PolicyName=name, PolicyDocument=json.dumps(other))

    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at("inline-policy", put))
    assert "already has a different inline policy" in outcome.record.problem.what


@pytest.mark.parametrize("policy", [None, Problem("Denied.", code="AccessDenied")])
def test_without_administratoraccess_there_is_no_user(lab: Any, policy: Any) -> None:
    account = replace(lab.account, admin_policy=policy)
    outcome = lab.run(lab.setup(account, kms_key_id="alias/break-glass"))
    assert outcome.record.status is RunStatus.UNDONE
    assert not lab.exists(lab.name)


def test_the_mfa_guardrail_becomes_part_of_the_policy(lab: Any) -> None:
    outcome = lab.run(lab.setup(mfa="sealed", require_mfa=True, kms_key_id="alias/break-glass"))
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    name = "BreakGlassAdministratorAccess"
    document = lab.iam.get_user_policy(UserName=lab.name, PolicyName=name)["PolicyDocument"]
    assert [item["Effect"] for item in document["Statement"]] == ["Allow", "Deny"]


def test_arns_are_built_for_the_callers_partition(lab: Any) -> None:
    caller = replace(lab.account.caller, arn="arn:aws-cn:iam::123456789012:user/ops")
    plan = lab.cloud.plan(lab.setup(replace(lab.account, caller=caller), mfa="sealed", kms_key_id="alias/break-glass"))
    user, device = plan.steps[:2]
    assert user.user_arn == f"arn:aws-cn:iam::123456789012:user/breakglass/{lab.name}"
    assert device.serial.startswith("arn:aws-cn:iam::123456789012:mfa/")


def test_trust_policies_gain_and_lose_one_statement() -> None:
    alone = {"Version": "2008-10-17", "Statement": DEPLOY}
    sid = trust_sid("00aa-11bb")
    more = with_user(alone, sid, "arn:aws:iam::1:user/a")
    assert sid == "BreakGlass00aa11bb"
    assert more["Version"] == "2008-10-17"
    assert more["Statement"][0] == DEPLOY
    assert has_statement(more, sid)
    assert not has_statement(alone, sid)
    assert remove_user(more, sid, "arn:aws:iam::1:user/a", alone) == alone
    assert remove_user(more, sid, "arn:aws:iam::1:user/a", None) == {**alone, "Statement": [DEPLOY]}
    assert diff(alone, alone, "role") == ""


def test_a_password_that_an_answer_quotes_is_in_no_event(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def quote(**parameters: Any) -> Any:
        sent.append(parameters["Password"])
        error = {"Code": "ValidationError", "Message": f"Value '{sent[-1]}' at 'password' failed"}
        raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, "CreateLoginProfile")

    monkeypatch.setattr(lab.clients.get("iam", region="eu-west-1", writes=True), "create_login_profile", quote)
    outcome = lab.run(lab.everything(access="console"))
    assert "at 'password' failed" in outcome.record.problem.why
    assert len(sent) == 1
    assert not [event for event in outcome.events if sent[0] in repr(event) + str(getattr(event, "problem", ""))]


def test_a_trust_policy_without_a_version_does_not_get_one() -> None:
    assert "Version" not in with_user({"Statement": [DEPLOY]}, "X", "arn:aws:iam::1:user/a")
    assert with_user({}, "X", "arn:aws:iam::1:user/a")["Version"] == "2012-10-17"

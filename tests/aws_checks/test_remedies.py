"""The commands in remedies: pasted into a shell with the real AWS CLI, they fix what the check found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_shell import PROFILE, command

from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.aws.checks.group_membership import GroupMembershipCheck
from breakglass_tui.aws.checks.groups import GroupsCheck
from breakglass_tui.aws.checks.inline_policy import InlinePolicyCheck
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.mfa_enforcement import MfaEnforcementCheck
from breakglass_tui.aws.checks.policies import PoliciesCheck
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.user_exists import UserExistsCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
ALLOW_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}

Broken = tuple[type, Any]
"""A check, and the subject for which it does not pass."""


def inactive_key(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user())
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    return AccessCheck, user.subject(access="programmatic")


def additional_key(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user())
    bench.iam.create_access_key(UserName=user.name)
    return AccessCheck, user.subject(access="programmatic")


def unrequested_key(bench: Any, make_user: Any) -> Broken:
    user = make_user(console=True)
    bench.key_for(user)
    return AccessCheck, user.subject()


def unrequested_password(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user(console=True))
    return AccessCheck, user.subject(access="programmatic")


def missing_reset(_: Any, make_user: Any) -> Broken:
    return AccessCheck, make_user(console=False).subject()


def wrong_tag(_: Any, make_user: Any) -> Broken:
    return UserExistsCheck, make_user(tags={}).subject(tags={"owner": "Alice Smith"})


def narrowed_policy(_: Any, make_user: Any) -> Broken:
    return InlinePolicyCheck, make_user(policy=ALLOW_S3).subject()


def missing_guardrail(bench: Any, make_user: Any) -> Broken:
    user = make_user(policy=inline_document(bench.account.admin_policy, require_mfa=False))
    bench.device_for(user)
    return MfaEnforcementCheck, user.seen_by_another_process(mfa="sealed", require_mfa=True)


def unrequested_policies(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.put_user_policy(UserName=user.name, PolicyName="extra", PolicyDocument=json.dumps(ALLOW_S3))
    return PoliciesCheck, user.subject()


def attached_policy(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.attach_user_policy(UserName=user.name, PolicyArn=AUDIT)
    return PoliciesCheck, user.subject()


def unrequested_device(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.device_for(user)
    return MfaDevicesCheck, user.subject()


def unrequested_group(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.add_user_to_group(UserName=user.name, GroupName="emergency")
    return GroupsCheck, user.subject()


BROKEN = [
    inactive_key,
    additional_key,
    unrequested_key,
    unrequested_password,
    missing_reset,
    wrong_tag,
    narrowed_policy,
    missing_guardrail,
    unrequested_policies,
    attached_policy,
    unrequested_device,
    unrequested_group,
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_pasted_command_fixes_the_finding(bench, make_user, run, broken):
    check, subject = broken(bench, make_user)
    before = bench.inspect(check(bench.clients, subject))
    assert before.status in (CheckStatus.FAIL, CheckStatus.WARN)
    output = run(command(before))
    after = bench.inspect(check(bench.clients, subject))
    assert after.status is CheckStatus.PASS, (before.remedy, output, after.found)


def test_the_command_of_another_path_moves_the_user(bench, make_user, run):
    user = make_user(path="/elsewhere/")
    check = UserExistsCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)))
    after = bench.inspect(check)
    # moto loses the tags of a user that it moves, so the check can still warn about them.
    assert after.status is not CheckStatus.FAIL, output
    assert after.found.startswith(f"arn:aws:iam::123456789012:user/breakglass/{user.name}, id {user.id}")


def test_the_membership_commands_add_one_group_and_leave_another(bench, make_user, run):
    user = make_user()
    bench.iam.add_user_to_group(UserName=user.name, GroupName="billing")
    check = GroupMembershipCheck(bench.clients, user.seen_by_another_process(groups=["emergency"]), ("emergency",))
    for part in bench.inspect(check).remedy.split("; "):
        run(part.split(": ")[1])
    assert bench.inspect(check).status is CheckStatus.PASS


def test_the_numbered_commands_edit_a_trust_policy(bench, make_user, run, tmp_path):
    user, other = make_user(), make_user()
    principal = {"Effect": "Allow", "Principal": {"AWS": other.arn}, "Action": "sts:AssumeRole"}
    role = bench.role({"Version": "2012-10-17", "Statement": [principal]})
    check = RoleTrustCheck(bench.clients, user.seen_by_another_process(role_arn=role), role)
    remedy = bench.inspect(check).remedy
    read, rest = remedy.removeprefix("1) Run: ").split(" 2) ")
    edit, write = rest.split(" 3) Run: ")
    assert user.arn in edit
    run(read)
    file = tmp_path / "trust.json"
    file.write_text(file.read_text().replace(other.arn, user.arn))
    output = run(write)
    after = bench.inspect(check)
    assert "the trust policy names this user" in after.found, (remedy, output)


def test_remedies_on_one_line_leave_each_command_intact(bench, make_user):
    user = make_user()
    check = AccessCheck(bench.clients, user.seen_by_another_process(access="both"))
    keys = [bench.iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"] for _ in range(2)]
    remedy = bench.inspect(check).remedy
    assert "or create a new emergency user. Replace DIRECTORY" in remedy
    assert "--identity IDENTITY_FILE; Delete it" in remedy
    options = f"--profile {PROFILE} --endpoint-url {bench.clients.endpoint_url}"
    assert remedy.endswith(tuple(f"--access-key-id {key} {options}" for key in keys))

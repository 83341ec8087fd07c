"""The check ``groups``."""

from __future__ import annotations

import itertools
import json

import pytest

from breakglass_tui.aws.checks.groups import GroupsCheck
from breakglass_tui.domain.checks import CheckStatus

DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
_numbers = itertools.count()


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(GroupsCheck(bench.clients, subject))


@pytest.fixture
def group(bench):
    """Return a function that creates a group with the user in it."""

    def make(user, **policies):
        name = f"checked-group-{next(_numbers)}"
        bench.iam.create_group(GroupName=name)
        bench.iam.add_user_to_group(GroupName=name, UserName=user.name)
        for policy, document in policies.items():
            bench.iam.put_group_policy(GroupName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
        return name

    return make


def test_no_group_passes_if_none_was_requested(make_user, check):
    result = check(make_user().subject())
    assert (result.status, result.found) == (CheckStatus.PASS, "no groups")
    assert result.calls[0].request_id


def test_the_policies_of_a_group_are_named(bench, make_user, check, group):
    user = make_user()
    name = group(user)
    bench.iam.attach_group_policy(GroupName=name, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    result = check(user.subject(groups=[name]))
    assert result.status is CheckStatus.PASS
    assert f"group {name} has the policies SecurityAudit" in result.found


def test_a_group_that_denies_is_a_warning_with_the_statement(make_user, check, group):
    user = make_user()
    name = group(user, barrier=DENY)
    for subject in (user.subject(groups=[name]), user.seen_by_another_process()):
        result = check(subject)
        assert result.status is CheckStatus.WARN
        assert f"policy barrier of group {name} contains Deny s3:* on *" in result.found
        assert "remove-user-from-group" in result.remedy


def test_a_deny_in_a_managed_policy_of_a_group_is_found_too(bench, make_user, check, group):
    user = make_user()
    name = group(user)
    arn = bench.iam.create_policy(PolicyName=f"{name}-deny", PolicyDocument=json.dumps(DENY))["Policy"]["Arn"]
    bench.iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    assert "Deny s3:* on *" in check(user.subject(groups=[name])).found


def test_an_unrequested_group_is_reported_with_the_command_that_leaves_it(make_user, check, group):
    user = make_user()
    name = group(user)
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"not requested: group {name}" in result.found
    assert f"--group-name {name}" in result.remedy


@pytest.mark.parametrize("operation", ["list_groups_for_user", "list_group_policies", "list_attached_group_policies"])
def test_a_denied_read_is_a_skip(make_user, check, group, refuse, operation):
    user = make_user()
    name = group(user)
    refuse(operation, "AccessDenied")
    assert check(user.subject(groups=[name])).status is CheckStatus.SKIP

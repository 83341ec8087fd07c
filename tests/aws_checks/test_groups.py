"""The check groups."""

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
    """A group of the test's own, with a user in it."""

    def make(user, **policies):
        name = f"checked-group-{next(_numbers)}"
        bench.iam.create_group(GroupName=name)
        bench.iam.add_user_to_group(GroupName=name, UserName=user.name)
        for policy, document in policies.items():
            bench.iam.put_group_policy(GroupName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
        return name

    return make


def test_no_group_where_none_was_asked_for_passes(make_user, check):
    result = check(make_user().subject())
    assert (result.status, result.found) == (CheckStatus.PASS, "no groups")
    assert result.calls[0].request_id


def test_what_a_group_brings_is_named(bench, make_user, check, group):
    user = make_user()
    name = group(user)
    bench.iam.attach_group_policy(GroupName=name, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    result = check(user.subject(groups=[name]))
    assert result.status is CheckStatus.PASS
    assert f"group {name} brings SecurityAudit" in result.found


def test_a_group_that_denies_is_a_hazard_with_the_statement(make_user, check, group):
    user = make_user()
    name = group(user, barrier=DENY)
    for subject in (user.subject(groups=[name]), user.seen_by_another()):
        result = check(subject)
        assert result.status is CheckStatus.WARN
        assert f"policy barrier of group {name} says Deny s3:* on *" in result.found
        assert "remove-user-from-group" in result.remedy


def test_a_deny_in_a_managed_policy_of_a_group_is_found_too(bench, make_user, check, group):
    user = make_user()
    name = group(user)
    arn = bench.iam.create_policy(PolicyName=f"{name}-deny", PolicyDocument=json.dumps(DENY))["Policy"]["Arn"]
    bench.iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    assert "Deny s3:* on *" in check(user.subject(groups=[name])).found


def test_a_group_that_nobody_asked_for_is_told_with_the_way_out_of_it(make_user, check, group):
    user = make_user()
    name = group(user)
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"group {name} was not asked for" in result.found
    assert f"--group-name {name}" in result.remedy


@pytest.mark.parametrize("operation", ["list_groups_for_user", "list_group_policies", "list_attached_group_policies"])
def test_a_denied_read_is_a_skip(make_user, check, group, refuse, operation):
    user = make_user()
    name = group(user)
    refuse(operation, "AccessDenied")
    assert check(user.subject(groups=[name])).status is CheckStatus.SKIP

"""The check ``inline-policy``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.aws.checks.inline_policy import InlinePolicyCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus
from breakglass_tui.domain.policy import EARLIER_GUARDRAILS, INLINE_POLICY_NAME, inline_document
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.cloud import Subject

ADMIN_ARN = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.fixture
def plain(bench):
    return inline_document(bench.account.admin_policy, require_mfa=False)


@pytest.fixture
def guarded(bench):
    return inline_document(bench.account.admin_policy, require_mfa=True)


def test_the_policy_that_was_put_on_the_user_passes(bench, make_user, plain):
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.PASS
    assert result.found == f"{INLINE_POLICY_NAME} equals AdministratorAccess v1"
    assert [call.operation for call in result.calls] == ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetUserPolicy"]


def test_another_spelling_of_the_same_policy_passes(bench, make_user):
    statement = {"Sid": "All", "Resource": ["*"], "Action": ["*"], "Effect": "Allow"}
    user = make_user(policy={"Statement": [statement], "Version": "2012-10-17"})
    assert bench.inspect(InlinePolicyCheck(bench.clients, user.subject())).status is CheckStatus.PASS


def test_the_guardrail_passes_if_it_was_requested(bench, make_user, guarded):
    subject = make_user(policy=guarded).subject(mfa="sealed", require_mfa=True)
    result = bench.inspect(InlinePolicyCheck(bench.clients, subject))
    assert result.status is CheckStatus.PASS
    assert "deny without MFA" in result.found


@pytest.fixture
def guarded_before(plain):
    return {**plain, "Statement": [*plain["Statement"], EARLIER_GUARDRAILS[0]]}


@pytest.mark.parametrize("known", [True, False])
def test_the_guardrail_of_an_earlier_release_passes(bench, make_user, guarded_before, known):
    user = make_user(policy=guarded_before)
    subject = user.subject(mfa="sealed", require_mfa=True) if known else user.seen_by_another_process()
    result = bench.inspect(InlinePolicyCheck(bench.clients, subject))
    assert result.status is CheckStatus.PASS
    assert "deny without MFA" in result.found


def test_the_guardrail_of_an_earlier_release_fails_if_none_was_requested(bench, make_user, guarded_before):
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=guarded_before).subject()))
    assert result.status is CheckStatus.FAIL
    assert "not expected: Deny all but iam:ChangePassword" in result.found


def test_a_difference_beside_the_guardrail_of_an_earlier_release_names_only_that(bench, make_user, guarded_before):
    extra = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    user = make_user(policy={**guarded_before, "Statement": [*guarded_before["Statement"], extra]})
    result = bench.inspect(InlinePolicyCheck(bench.clients, user.subject(mfa="sealed", require_mfa=True)))
    assert result.status is CheckStatus.FAIL
    assert "differs, not expected: Allow s3:GetObject on *" in result.found
    assert "missing" not in result.found


def test_a_missing_guardrail_fails_and_is_named(bench, make_user, plain):
    subject = make_user(policy=plain).subject(mfa="sealed", require_mfa=True)
    result = bench.inspect(InlinePolicyCheck(bench.clients, subject))
    assert result.status is CheckStatus.FAIL
    assert "missing: Deny all but iam:ChangePassword" in result.found
    assert "with a condition" in result.found


@pytest.mark.parametrize(("form", "guardrail"), [("plain", False), ("guarded", True)])
def test_without_a_request_either_form_passes_and_is_reported(bench, make_user, request, form, guardrail):
    user = make_user(policy=request.getfixturevalue(form))
    result = bench.inspect(InlinePolicyCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.PASS
    assert ("deny without MFA" in result.found) is guardrail


def test_a_narrowed_policy_fails_with_the_difference_and_the_command_that_restores_it(bench, make_user):
    narrowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=narrowed).subject()))
    assert result.status is CheckStatus.FAIL
    assert "missing: Allow * on *, not expected: Allow s3:* on *" in result.found
    assert "aws iam put-user-policy" in result.remedy
    assert '"Action":"*"' in result.remedy


def test_a_deny_that_was_added_fails(bench, make_user, plain):
    deny = {"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::x"}
    result = bench.inspect(
        InlinePolicyCheck(
            bench.clients, make_user(policy={**plain, "Statement": [*plain["Statement"], deny]}).subject()
        )
    )
    assert result.status is CheckStatus.FAIL
    assert "not expected: Deny all but iam:* on all but arn:aws:s3:::x" in result.found


def test_another_version_of_the_policy_language_is_a_difference(bench, make_user, plain, bend):
    bend("get_user_policy", lambda answer: answer["PolicyDocument"].update(Version="2008-10-17"))
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.FAIL
    assert "Version is 2008-10-17, not 2012-10-17" in result.found


def test_a_document_that_cannot_be_read_fails(bench, make_user, plain, bend):
    bend("get_user_policy", lambda answer: answer.update(PolicyDocument="{broken"))
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.FAIL
    assert "is not a valid policy document" in result.found


def test_an_old_user_without_the_policy_fails_without_waiting(bench, make_user):
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user().seen_by_another_process()))
    assert result.status is CheckStatus.FAIL
    assert result.found == f"{INLINE_POLICY_NAME} is missing"
    assert bench.clock.waited == 0


def test_an_attachment_instead_is_reported(bench, make_user):
    user = make_user()
    bench.iam.attach_user_policy(UserName=user.name, PolicyArn=ADMIN_ARN)
    result = bench.inspect(InlinePolicyCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.FAIL
    assert "AdministratorAccess is attached to the user instead" in result.found


def test_a_group_that_grants_the_policy_instead_is_reported(bench, make_user):
    user = make_user()
    bench.iam.add_user_to_group(UserName=user.name, GroupName="platform-team")
    result = bench.inspect(InlinePolicyCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.FAIL
    assert "is attached to group platform-team instead" in result.found


def test_a_missing_user_has_no_policy_either(bench):
    result = bench.inspect(InlinePolicyCheck(bench.clients, Subject("absent", bench.account)))
    assert (result.status, result.found) == (CheckStatus.SKIP, NEEDS_USER)
    assert "put-user-policy" not in result.remedy


def test_a_new_policy_that_iam_does_not_show_yet_is_waited_for(bench, make_user, plain, refuse):
    refuse("get_user_policy", "NoSuchEntity", times=5)
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.PASS
    assert 5 <= bench.clock.waited < 60


def test_a_policy_that_differs_is_not_waited_for(bench, make_user):
    narrowed = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    assert (
        bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=narrowed).subject())).status is CheckStatus.FAIL
    )
    assert bench.clock.waited == 0


def test_a_denied_read_of_the_policy_is_a_skip(bench, make_user, plain, refuse):
    refuse("get_user_policy", "AccessDenied")
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.SKIP
    assert "iam:GetUserPolicy" in result.found


def test_a_denied_search_elsewhere_does_not_soften_the_failure(bench, make_user, refuse):
    refuse("list_attached_user_policies", "AccessDenied")
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user().seen_by_another_process()))
    assert result.status is CheckStatus.FAIL


def test_administrator_access_as_assessed_is_used_if_the_read_is_denied_now(bench, make_user, plain, refuse):
    refuse("get_policy", "AccessDenied")
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.PASS


def test_nothing_to_compare_with_is_a_skip(bench, make_user, plain, refuse):
    refuse("get_policy", "AccessDenied")
    account = replace(bench.account, admin_policy=Problem("not read"))
    subject = replace(make_user(policy=plain).subject(), account=account)
    assert bench.inspect(InlinePolicyCheck(bench.clients, subject)).status is CheckStatus.SKIP


def test_a_statement_that_is_no_object_fails(bench, make_user, plain, bend):
    bend("get_user_policy", lambda answer: answer["PolicyDocument"].update(Statement=["Allow", {"Condition": "x"}]))
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=plain).subject()))
    assert result.status is CheckStatus.FAIL
    assert "missing: Allow * on *" in result.found


@pytest.mark.parametrize("copied", [True, False])
def test_the_published_policy_decides_and_not_the_one_that_the_endpoint_returns(bench, make_user, plain, bend, copied):
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    bend("get_policy_version", lambda answer: answer["PolicyVersion"]["Document"]["Statement"].append(deny))
    policy = {**plain, "Statement": [*plain["Statement"], deny]} if copied else plain
    result = bench.inspect(InlinePolicyCheck(bench.clients, make_user(policy=policy).subject()))
    assert result.status is (CheckStatus.FAIL if copied else CheckStatus.WARN)
    assert "which is not the published policy: Deny iam:* on * takes permissions away" in result.found
    assert ("not expected: Deny iam:* on *" in result.found) is copied

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain import policy
from breakglass_tui.domain.account import AdminPolicy

ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

words = st.text("abcXYZ:*", min_size=1, max_size=6)
one_or_many = words | st.lists(words, min_size=1, max_size=4)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": one_or_many, "Resource": one_or_many},
    optional={
        "Sid": words,
        "Condition": st.fixed_dictionaries({"StringEquals": st.dictionaries(words, one_or_many, max_size=2)}),
    },
)
documents = st.builds(lambda s: {"Version": "2012-10-17", "Statement": s}, st.lists(statements, min_size=1, max_size=4))


@given(documents, st.randoms(use_true_random=False))
def test_order_and_single_values_in_lists_do_not_change_a_policy(document, chance: random.Random):
    other = json.loads(json.dumps(document))
    chance.shuffle(other["Statement"])
    for statement in other["Statement"]:
        for key in ("Action", "Resource"):
            values = statement[key] if isinstance(statement[key], list) else [statement[key]]
            chance.shuffle(values)
            statement[key] = values
        statement.pop("Sid", None)
    assert policy.same(document, other)


@given(documents, statements)
def test_one_more_statement_makes_it_another_policy(document, extra):
    other = {**document, "Statement": [*document["Statement"], extra]}
    assert not policy.same(document, other)


@given(documents, st.sampled_from(["Effect", "Resource", "Action"]))
def test_one_changed_value_makes_it_another_policy(document, key):
    other = json.loads(json.dumps(document))
    other["Statement"][0][key] = "changed-to-this"
    assert not policy.same(document, other)


def test_action_names_ignore_case_and_resources_do_not():
    assert policy.same(_one(Action="iam:GetUser"), _one(Action="IAM:getuser"))
    assert not policy.same(_one(Resource="arn:A"), _one(Resource="arn:a"))


def test_not_action_is_not_action():
    assert not policy.same(
        _one(Action="*"), {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "*", "Resource": "*"}}
    )


def test_a_condition_value_means_the_same_as_text_or_as_json_value():
    def on(value: str):
        return _one(Condition={"Bool": {"aws:MultiFactorAuthPresent": value}})

    assert policy.same(on("true"), on(json.loads("true")))
    assert not policy.same(on("true"), on(json.loads("false")))


def test_the_guardrail_is_added_and_the_original_does_not_change():
    source = AdminPolicy(policy.admin_policy_arn("aws-cn"), "v1", ADMIN)
    document = policy.inline_document(source, require_mfa=True)
    assert document["Statement"] == [*ADMIN["Statement"], policy.DENY_WITHOUT_MFA]
    assert len(ADMIN["Statement"]) == 1
    assert policy.same(policy.inline_document(source, require_mfa=False), ADMIN)
    assert source.arn == "arn:aws-cn:iam::aws:policy/AdministratorAccess"


def test_the_guardrail_is_the_form_that_aws_publishes():
    """re:Post, "mfa-iam-user-aws-cli": BoolIfExists with both keys, so that calls of a service are not denied."""
    condition = {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}
    assert policy.DENY_WITHOUT_MFA["Condition"] == {"BoolIfExists": condition}
    assert {"iam:ChangePassword", "sts:GetSessionToken"} < set(policy.DENY_WITHOUT_MFA["NotAction"])
    assert {"signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"} < set(policy.DENY_WITHOUT_MFA["NotAction"])


@pytest.mark.parametrize("earlier", policy.EARLIER_GUARDRAILS, ids=repr)
def test_a_guardrail_of_an_earlier_release_is_still_that_policy(earlier):
    source = AdminPolicy(policy.admin_policy_arn("aws"), "v1", ADMIN)
    current = policy.inline_document(source, require_mfa=True)
    before = {**ADMIN, "Statement": [*ADMIN["Statement"], earlier]}
    assert not policy.same(before, current)
    assert policy.is_inline_document(before, source, require_mfa=True)
    assert policy.is_inline_document(current, source, require_mfa=True)
    assert not policy.is_inline_document(before, source, require_mfa=False)
    assert not policy.is_inline_document(ADMIN, source, require_mfa=True)
    assert policy.is_inline_document(ADMIN, source, require_mfa=False)
    both = {**current, "Statement": [*current["Statement"], earlier]}
    assert not policy.is_inline_document(both, source, require_mfa=True)


def test_the_guardrail_fits_beside_administrator_access():
    source = AdminPolicy(policy.admin_policy_arn("aws"), "v1", ADMIN)
    assert policy.size(policy.inline_document(source, require_mfa=True)) < 450


def test_white_space_does_not_count_against_the_quota():
    fits = _one(Resource="x" * 10, Sid=" " * 5000)
    assert policy.size_error(fits) == ""
    assert "2048" in policy.size_error(_one(Resource="x" * 2048))


def _one(**parts):
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **parts}}

"""Remedies on one line, taken apart into sentences and commands."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remedy_form import require_pasteable

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.remedy_parts import RemedyPart, remedy_parts

DELETE = "aws iam delete-user-policy --user-name bg --policy-name 'it'\\''s; Not 2) \"this\"'"
LOOP = 'for region in us-east-1 eu-west-1; do aws events put-rule --region ${region} && aws events x "Id=1; A"; done'
READ = "aws iam get-role --role-name Em --query Role.AssumeRolePolicyDocument --output json > trust.json"
WRITE = "aws iam update-assume-role-policy --role-name Em --policy-document file://trust.json"


@pytest.mark.parametrize(
    ("remedy", "parts"),
    [
        ("", []),
        ("Press f on the Validation screen.", [("Press f on the Validation screen.", "")]),
        ("Then press f: breakglass-tui", [("Then press f:", "breakglass-tui")]),
        ("aws iam list-users", [("", "aws iam list-users")]),
        (f"Delete it: {DELETE}", [("Delete it:", DELETE)]),
        (f"Create a rule: {LOOP}", [("Create a rule:", LOOP)]),
        (
            f"Delete it: {DELETE}; Then the user's rule: {LOOP}; Wait.",
            [("Delete it:", DELETE), ("Then the user's rule:", LOOP), ("Wait.", "")],
        ),
        (
            f"1) Run: {READ} 2) In trust.json, add a statement: it has to allow the user. 3) Run: {WRITE}",
            [("1) Run:", READ), ("2) In trust.json, add a statement: it has to allow the user. 3) Run:", WRITE)],
        ),
        (f"Do: {WRITE}; 1) Run: {READ}", [("Do:", WRITE), ("1) Run:", READ)]),
        ("Set it: aws x; AWS_PAGER= aws y", [("Set it:", "aws x; AWS_PAGER= aws y")]),
        ("Limits: awsome and arn: aws is no command:aws", [("Limits: awsome and arn:", "aws is no command:aws")]),
        ("Broken: aws x 'never closed; Then: aws y", [("Broken:", "aws x 'never closed; Then: aws y")]),
        ("Open it: aws x \\; Y", [("Open it:", "aws x \\; Y")]),
    ],
)
def test_a_command_starts_after_a_colon_and_ends_before_the_next_sentence(remedy, parts):
    assert remedy_parts(remedy) == tuple(RemedyPart(*part) for part in parts)


@given(st.lists(st.text("a'\"\\; A2)$\n", max_size=12), min_size=1, max_size=3))
def test_a_quoted_command_stays_complete(words):
    command = shlex.join(["aws", "iam", "x", *words])
    parts = remedy_parts(f"Do the user's thing: {command}; Next: {command}")
    assert parts == (RemedyPart("Do the user's thing:", command), RemedyPart("Next:", command))


@pytest.mark.parametrize(
    ("remedy", "wrong"),
    [
        ("Run aws iam list-users, and look for it.", "inside a sentence"),
        ("Run it: aws iam list-users. Then look for it.", "inside a command"),
        ("Run it: aws iam list-users --query 'a", "No closing quotation"),
        (f"Run it: {DELETE}; Then look for it.", ""),
    ],
)
def test_a_remedy_in_another_form_fails_the_tests_of_the_checks(remedy, wrong):
    result = CheckResult("denies", "Denies", CheckStatus.FAIL, "", "", remedy=remedy)
    if wrong:
        with pytest.raises((AssertionError, ValueError), match=wrong):
            require_pasteable(result)
    else:
        require_pasteable(result)

"""AdministratorAccess as AWS publishes it, and documents that differ from it."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.administrator_access import ADMINISTRATOR_ACCESS, administrator_access_flaws

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
VERSION = "2012-10-17"


@pytest.mark.parametrize(
    "document",
    [
        ADMINISTRATOR_ACCESS,
        {"Version": VERSION, "Statement": ALLOW},
        {"Version": VERSION, "Id": "admin", "Statement": [{**ALLOW, "Sid": "All", "Action": ["*"], "Resource": ["*"]}]},
        {"Version": VERSION, "Statement": ({**ALLOW, "Condition": {}},)},
    ],
)
def test_another_spelling_is_administrator_access(document):
    assert administrator_access_flaws(document) == ()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ({**ALLOW, "Effect": "Deny"}, "Deny * on * takes permissions away"),
        ({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, "Deny iam:* on * takes permissions away"),
        ({**ALLOW, "Effect": "allow"}, "has an unknown effect"),
        ({"Action": "*", "Resource": "*"}, "has an unknown effect"),
        ({**ALLOW, "Action": "s3:*"}, "Allow s3:* on * is only a part"),
        ({**ALLOW, "Resource": "arn:aws:s3:::x"}, "Allow * on arn:aws:s3:::x is only a part"),
        ({**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "with a condition is only a part"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "Allow all but iam:* on * is only a part"),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:x"}, "Allow * on all but arn:x is only a part"),
        ({**ALLOW, "Principal": "*"}, "has an unknown element: Principal"),
        ({**ALLOW, "Action": []}, "Allow nothing on * is only a part"),
        ("Allow", "a statement is not a JSON object"),
        (None, "a statement is not a JSON object"),
    ],
)
def test_any_other_statement_is_a_difference_that_is_named(statement, says):
    flaws = administrator_access_flaws({"Version": VERSION, "Statement": [statement]})
    assert says in flaws[0]
    assert "no statement allows every action on every resource" in flaws


@pytest.mark.parametrize("version", ["2008-10-17", "2999-01-01", None, 2012])
def test_another_version_of_the_policy_language_is_a_difference(version):
    document = {"Version": version, "Statement": [ALLOW]}
    assert administrator_access_flaws(document) == (f"the version of the policy language is {version}, not 2012-10-17",)


def test_a_deny_beside_the_allow_is_a_difference():
    document = {"Version": VERSION, "Statement": [ALLOW, {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}]}
    assert administrator_access_flaws(document) == ("Deny all but s3:* on * takes permissions away",)


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({**ALLOW, "Action": "s3:*"}, "Allow s3:* on * is an additional statement, which changes nothing"),
        (ALLOW, "2 statements allow everything, and AWS publishes one"),
    ],
)
def test_an_additional_statement_without_effect_is_named_as_such(extra, says):
    assert administrator_access_flaws({"Version": VERSION, "Statement": [ALLOW, extra]}) == (says,)


@pytest.mark.parametrize("document", [{}, {"Version": VERSION}, {"Version": VERSION, "Statement": []}])
def test_a_document_without_statements_is_a_difference(document):
    assert "no statement allows every action on every resource" in administrator_access_flaws(document)


def test_an_unknown_element_of_the_document_is_a_difference():
    document = {**ADMINISTRATOR_ACCESS, "\x1b[31m": []}
    assert administrator_access_flaws(document) == (r"\x1b[31m is no element of a policy",)

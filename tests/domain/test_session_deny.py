"""The deny that ends sessions, and what looks like it and is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.session_deny import denied_before, session_deny

AT = "2026-05-01T12:00:00Z"
MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def changed(**fields):
    document = session_deny(AT)
    return {**document, "Statement": [{**document["Statement"][0], **fields}]}


@pytest.mark.parametrize(
    "document",
    [
        session_deny(AT),
        {**session_deny(AT), "Statement": session_deny(AT)["Statement"][0]},
        changed(Action=["*"], Resource=["*"]),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": [AT]}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": "2026-05-01T12:00:00.000Z"}}),
        changed(Sid="RevokeOlderSessions"),
    ],
)
def test_the_deny_is_recognised_in_each_form_in_which_iam_returns_it(document):
    assert denied_before(document) == MOMENT


@pytest.mark.parametrize(
    "document",
    [
        None,
        "not a document",
        {},
        {"Version": "2012-10-17", "Statement": "nothing"},
        {**session_deny(AT), "Version": "2008-10-17"},
        {**session_deny(AT), "Statement": session_deny(AT)["Statement"] * 2},
        {**session_deny(AT), "Statement": [*session_deny(AT)["Statement"], {"Effect": "Deny", "Action": "iam:*"}]},
        changed(Effect="Allow"),
        changed(Action="s3:*"),
        changed(Action=["*", "iam:*"]),
        changed(Resource="arn:aws:s3:::*"),
        changed(NotAction="iam:*"),
        changed(Principal="*"),
        changed(Condition={}),
        changed(Condition={"DateLessThanIfExists": {"aws:TokenIssueTime": AT}}),
        changed(Condition={"NumericLessThan": {"aws:TokenIssueTime": AT}}),
        changed(Condition={"DateLessThanEquals": {"aws:TokenIssueTime": AT}}),
        changed(Condition={"DateGreaterThan": {"aws:TokenIssueTime": AT}}),
        changed(Condition={"DateLessThan": {"aws:CurrentTime": AT}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": AT, "aws:CurrentTime": AT}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": [AT, "2030-01-01T00:00:00Z"]}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": AT}, "Bool": {"aws:SecureTransport": "true"}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": "yesterday"}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": "2026-05-01T12:00:00"}}),
        changed(Condition={"DateLessThan": {"aws:TokenIssueTime": "1777636800"}}),
    ],
)
def test_a_deny_that_differs_in_any_way_is_not_it(document):
    assert denied_before(document) is None

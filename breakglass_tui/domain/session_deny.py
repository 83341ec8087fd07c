"""The policy that ends open sessions by denying everything to them. It never affects a long-term access key.

Requests with a long-term key have no aws:TokenIssueTime, and DateLessThan does not match an absent key. A session that
was issued after the date in the policy is not denied. Sources: IAM User Guide, "Revoke IAM role temporary security
credentials" (name and document of the policy), "Disabling permissions for temporary security credentials" and "Global
condition keys".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from breakglass_tui.domain.policy import same

SESSION_DENY = "AWSRevokeOlderSessions"
"""The name that the IAM console gives to the policy that ends sessions."""


def session_deny(before: str) -> dict[str, Any]:
    """Return a policy document that denies everything to sessions issued before ``before``, an ISO 8601 time."""
    condition = {"DateLessThan": {"aws:TokenIssueTime": before}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def denied_before(document: Any) -> datetime | None:
    """Return the time in a document of ``session_deny``, or None if ``document`` is anything else.

    Even a small difference, such as DateLessThanIfExists, can deny more than old sessions.
    """
    text = _date_of(document)
    if text is None or not same(document, session_deny(text)):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _date_of(document: Any) -> str | None:
    match document:
        case {"Statement": [Mapping() as statement] | (Mapping() as statement)}:
            match statement:
                case {"Condition": {"DateLessThan": {"aws:TokenIssueTime": str(text) | [str(text)]}, **others}}:
                    return None if others else text
    return None

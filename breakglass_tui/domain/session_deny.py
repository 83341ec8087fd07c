"""The deny that ends open sessions. It never affects a long-term access key.

Requests with a long-term key have no aws:TokenIssueTime, and DateLessThan does not match an absent key. A session that
is newer than the date is not denied. Sources: IAM User Guide, "Revoke IAM role temporary security credentials" (name
and document of the policy), "Disabling permissions for temporary security credentials" and "Global condition keys".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from breakglass_tui.domain.policy import same

SESSION_DENY = "AWSRevokeOlderSessions"
"""The name that the IAM console gives to this policy."""


def session_deny(before: str) -> dict[str, Any]:
    """Return the document that denies everything to sessions issued before ``before``, a time of ISO 8601."""
    condition = {"DateLessThan": {"aws:TokenIssueTime": before}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def denied_before(document: Any) -> datetime | None:
    """Return the time in ``document``, or None if it is not exactly the document of ``session_deny``.

    A deny that differs in any way can affect more than old sessions, for example with DateLessThanIfExists.
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

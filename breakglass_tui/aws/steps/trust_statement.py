"""Functions for the statement that a run adds to a role's trust policy."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.checks.trust_principals import principals
from breakglass_tui.domain.ownership import trust_sid
from breakglass_tui.domain.trust_policy import Trust, statements_of, with_user

_RUN_SID = re.compile(trust_sid("") + "[0-9a-f]{16}")
_USER_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:user/.+")
_UNIQUE_ID = re.compile(r"A(?:ID|RO)A[A-Z0-9]{12,}")


def has_statement(trust: Trust, sid: str) -> bool:
    """Return whether the policy ``trust`` has a statement with the Sid ``sid``."""
    return any(_has_sid(item, sid) for item in statements_of(trust))


def remove_user(trust: Trust, sid: str, user_arn: str, before: Trust | None) -> dict[str, Any]:
    """Return the policy ``trust`` without the user in the statement ``sid``. ``before`` is the policy before the run.

    Principals that another caller added to the statement stay. Ids of deleted users are removed, because AWS refuses a
    policy with them. If nothing else changed, the result equals ``before``.
    """
    rest = [_without_user(item, user_arn) if _has_sid(item, sid) else item for item in statements_of(trust)]
    statements = [item for item in rest if item]
    if before is not None and statements == statements_of(before):
        return dict(before)
    return {**trust, "Statement": statements}


def without_run_statements(trust: Trust) -> dict[str, Any]:
    """Return the policy ``trust`` without the statements that a run of this program added or could have added."""
    return {**trust, "Statement": [item for item in statements_of(trust) if not _is_of_a_run(item)]}


def contains_user(trust: Trust, sid: str, user_arn: str) -> bool:
    """Return whether the statement ``sid`` of ``trust`` has a principal that ``remove_user`` removes."""
    return any(_has_sid(item, sid) and _without_user(item, user_arn) != item for item in statements_of(trust))


def _is_of_a_run(statement: Any) -> bool:
    """Return whether ``statement`` lets one IAM user assume the role, in the exact form of this program."""
    if not isinstance(statement, Mapping) or not _RUN_SID.fullmatch(str(statement.get("Sid", ""))):
        return False
    principal = statement.get("Principal")
    user = str(principal.get("AWS", "")) if isinstance(principal, Mapping) and set(principal) == {"AWS"} else ""
    forms = [with_user({}, str(statement["Sid"]), user, mfa=mfa)["Statement"][0] for mfa in (False, True)]
    return _USER_ARN.fullmatch(user) is not None and dict(statement) in forms


def _has_sid(statement: Any, sid: str) -> bool:
    return isinstance(statement, Mapping) and statement.get("Sid") == sid


def _without_user(statement: Trust, user_arn: str) -> dict[str, Any]:
    """Return the statement without the user, or {} if it has no other principal."""
    element = statement.get("Principal")
    principal = dict(element) if isinstance(element, Mapping) else {}
    others = [one for one in principals(statement) if one != user_arn and not _UNIQUE_ID.fullmatch(one)]
    principal.pop("AWS", None)
    if others:
        principal["AWS"] = others[0] if len(others) == 1 else others
    return {**statement, "Principal": principal} if principal else {}


def deleted_principal_ids(trust: Trust) -> tuple[str, ...]:
    """Return the unique ids of deleted users and roles in ``trust`` (IAM User Guide, Principal element)."""
    names = (principal for item in statements_of(trust) for principal in principals(item))
    return tuple(dict.fromkeys(principal for principal in names if _UNIQUE_ID.fullmatch(principal)))


def diff(before: Trust, after: Trust, name: str) -> str:
    """Return a unified diff of the two policies, pretty-printed. ``name`` is the name of the role."""
    old, new = (json.dumps(document, indent=2).splitlines() for document in (before, after))
    return "\n".join(difflib.unified_diff(old, new, f"{name} now", f"{name} after", lineterm=""))

"""A role's trust policy with, and without, the one statement of this run."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.checks.trust_principals import principals
from breakglass_tui.domain.trust_policy import Trust, statements_of

_UNIQUE_ID = re.compile(r"A(?:ID|RO)A[A-Z0-9]{12,}")


def has(trust: Trust, sid: str) -> bool:
    """Whether the statement is in it."""
    return any(_is(item, sid) for item in statements_of(trust))


def without(trust: Trust, sid: str, user_arn: str, before: Trust | None) -> dict[str, Any]:
    """``trust`` less the user in that statement; just as it stood ``before`` if nothing else has changed since.

    Whom somebody else let in by the same statement stays in it; the id of a deleted user does not: with it AWS takes
    no policy.
    """
    rest = [_less(item, user_arn) if _is(item, sid) else item for item in statements_of(trust)]
    left = [item for item in rest if item]
    if before is not None and left == statements_of(before):
        return dict(before)
    return {**trust, "Statement": left}


def lets_in(trust: Trust, sid: str, user_arn: str) -> bool:
    """Whether that statement is in it and holds something that the undo takes out."""
    return any(_is(item, sid) and _less(item, user_arn) != item for item in statements_of(trust))


def _is(statement: Any, sid: str) -> bool:
    return isinstance(statement, Mapping) and statement.get("Sid") == sid


def _less(statement: Trust, user_arn: str) -> dict[str, Any]:
    """The statement without the user; empty if it names nobody else."""
    named = statement.get("Principal")
    principal = dict(named) if isinstance(named, Mapping) else {}
    others = [one for one in principals(statement) if one != user_arn and not _UNIQUE_ID.fullmatch(one)]
    principal.pop("AWS", None)
    if others:
        principal["AWS"] = others[0] if len(others) == 1 else others
    return {**statement, "Principal": principal} if principal else {}


def deleted_in(trust: Trust) -> tuple[str, ...]:
    """The unique ids of deleted users and roles that stand in it (IAM User Guide, Principal element)."""
    named = (principal for item in statements_of(trust) for principal in principals(item))
    return tuple(dict.fromkeys(principal for principal in named if _UNIQUE_ID.fullmatch(principal)))


def diff(before: Trust, after: Trust, name: str) -> str:
    """A unified diff of the two, pretty-printed."""
    now, then = (json.dumps(document, indent=2).splitlines() for document in (before, after))
    return "\n".join(difflib.unified_diff(now, then, f"{name} now", f"{name} then", lineterm=""))

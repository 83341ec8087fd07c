"""A role's trust policy with, and without, the one statement of this run."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.checks.trust import principals

Trust = Mapping[str, Any]
_UNIQUE_ID = re.compile(r"A(?:ID|RO)A[A-Z0-9]{12,}")


def sid_of(run_id: str) -> str:
    """The id of the statement; a Sid has letters and digits only."""
    return "BreakGlass" + "".join(character for character in run_id if character.isalnum())


def statements_of(trust: Trust) -> list[Any]:
    """The statements as a list; IAM lets a single one stand alone."""
    found = trust.get("Statement")
    if found is None:
        return []
    return list(found) if isinstance(found, (list, tuple)) else [found]


def has(trust: Trust, sid: str) -> bool:
    """Whether the statement is in it."""
    return any(isinstance(item, Mapping) and item.get("Sid") == sid for item in statements_of(trust))


def with_user(trust: Trust, sid: str, user_arn: str) -> dict[str, Any]:
    """``trust`` and one statement more, that lets the user assume the role."""
    own = {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "sts:AssumeRole"}
    # None means 2008-10-17; another one would change what ${...} in the other statements means.
    rest = dict(trust) or {"Version": "2012-10-17"}
    return {**rest, "Statement": [*statements_of(trust), own]}


def without(trust: Trust, sid: str, before: Trust | None) -> dict[str, Any]:
    """``trust`` less that statement; just as it stood ``before`` if nothing else has changed since."""
    left = [item for item in statements_of(trust) if not (isinstance(item, Mapping) and item.get("Sid") == sid)]
    if before is not None and left == statements_of(before):
        return dict(before)
    return {**trust, "Statement": left}


def deleted_in(trust: Trust) -> tuple[str, ...]:
    """The unique ids of deleted users and roles that stand in it (IAM User Guide, Principal element)."""
    named = (principal for item in statements_of(trust) for principal in principals(item))
    return tuple(dict.fromkeys(principal for principal in named if _UNIQUE_ID.fullmatch(principal)))


def diff(before: Trust, after: Trust, name: str) -> str:
    """A unified diff of the two, pretty-printed."""
    now, then = (json.dumps(document, indent=2).splitlines() for document in (before, after))
    return "\n".join(difflib.unified_diff(now, then, f"{name} now", f"{name} then", lineterm=""))

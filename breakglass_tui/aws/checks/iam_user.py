"""The IAM user under validation: its ARN, and reads that wait for IAM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import INTERVAL_S, wait_until_consistent
from breakglass_tui.aws.steps.base import NOT_VISIBLE_YET
from breakglass_tui.domain.checks import MISSION, NO_SUCH_USER, NOTHING_TO_CHECK
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

T = TypeVar("T")
NO_USER = "NoUser"
"""The code of the ``Problem`` that says that there is no such user. A check that ends with it is a skip."""


def user_arn(subject: Subject) -> str:
    """Return the ARN that the user must have, or "" without a request: only a request names the path."""
    if subject.request is None:
        return ""
    caller = subject.account.caller
    return f"arn:{caller.partition}:iam::{caller.account_id}:user{subject.request.path}{subject.user_name}"


def wait_until_present(
    context: StepContext,
    subject: Subject,
    present: Callable[[], bool],
    *,
    good_reads: int = 1,
    interval_s: float = INTERVAL_S,
) -> bool:
    """Return whether ``present()`` is true, after waiting for IAM's replicas where that can help.

    Only what this process created can still be missing from some replicas. For such a user, ``present`` is read again
    until it is true ``good_reads`` times in a row. For any other user the first read counts.

    One good read is enough for a policy, a group or a device: IAM shows it only after it shows the user. The user
    itself and its access key need several good reads, because every replica must have them.
    """
    if not subject.created_here:
        return present()
    return wait_until_consistent(context, present, good_reads=good_reads, interval_s=interval_s)


def not_visible_codes(subject: Subject) -> frozenset[str]:
    """Return the error codes that only mean that a replica does not have the user yet.

    The set is empty for a user that this process did not create.
    """
    return NOT_VISIBLE_YET if subject.created_here else frozenset()


def list_of_user(api: Api, action: str, key: str, subject: Subject) -> list[Any] | None:
    """Return all items that ``action`` lists for the user, or None if there is no such user."""
    try:
        return list(api.paginate(action, key, UserName=subject.user_name))
    except Problem as problem:
        if problem.code == "NoSuchEntity":
            return None
        raise


def no_such_user(subject: Subject) -> str:
    """Return the finding for a user that does not exist."""
    return f"user {show(subject.user_name)} does not exist in account {subject.account.caller.account_id}"


def require_user(read: T | None) -> T:
    """Return what was read of the user.

    Raises ``Problem`` with ``NO_USER`` if ``read`` is None. The check is then a skip that finds ``NEEDS_USER``.
    """
    if read is not None:
        return read
    raise Problem(
        NOTHING_TO_CHECK,
        why=NO_SUCH_USER,
        next=f'Fix the check "{MISSION["user-exists"]}" first.',
        kind=Kind.MISSING,
        code=NO_USER,
    )

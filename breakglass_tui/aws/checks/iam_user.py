"""Functions for the IAM user under validation: its ARN, and reads that wait until IAM shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import INTERVAL_S, wait_until_consistent
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.steps.own_user import NOT_VISIBLE_YET
from breakglass_tui.domain.checks import MISSION, NO_SUCH_USER, NOTHING_TO_CHECK
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

T = TypeVar("T")
NO_USER = "NoUser"
"""The code of the ``Problem`` that a check raises if the user does not exist. The result of that check is then SKIP."""


def user_arn(subject: Subject) -> str:
    """Return the ARN that the user must have, or "" without a request, because only the request has the path."""
    if subject.request is None:
        return ""
    caller = subject.account.caller
    return f"arn:{caller.partition}:iam::{caller.account_id}:user{subject.request.path}{subject.user_name}"


def scope_of(subject: Subject) -> PermissionScope:
    """Return the resources of the request of ``subject``. Raises ``ValueError`` without a request."""
    if subject.request is None:
        raise ValueError("without a request, the path of the user is unknown")
    return PermissionScope(subject.account, subject.request)


def wait_until_present(
    context: StepContext,
    subject: Subject,
    present: Callable[[], bool],
    *,
    good_reads: int = 1,
    interval_s: float = INTERVAL_S,
) -> bool:
    """Return the result of ``present``. For a user that this process created, wait until it is True.

    IAM may not show such a user everywhere yet. So ``present`` is called until it returns True ``good_reads`` times in
    a row, or until the time-out of ``wait_until_consistent``. For any other user it is called once.

    One good read is enough for a policy, a group or a device, because IAM shows them only after it shows the user. The
    user itself and its access key need several good reads, because every replica must have them.
    """
    if not subject.created_here:
        return present()
    return wait_until_consistent(context, present, good_reads=good_reads, interval_s=interval_s)


def not_visible_codes(subject: Subject) -> frozenset[str]:
    """Return the error codes to retry because a replica of IAM may not have the user yet.

    The set is empty for a user that this process did not create.
    """
    return NOT_VISIBLE_YET if subject.created_here else frozenset()


def list_of_user(api: Api, action: str, key: str, subject: Subject) -> list[Any] | None:
    """Return all items of the list ``key`` that ``action`` returns for the user, or None if the user does not exist."""
    try:
        return list(api.paginate(action, key, UserName=subject.user_name))
    except Problem as problem:
        if problem.code == "NoSuchEntity":
            return None
        raise


def no_such_user(subject: Subject) -> str:
    """Return the text of the finding that the user does not exist."""
    return f"user {show(subject.user_name)} does not exist in account {subject.account.caller.account_id}"


def require_user(read: T | None) -> T:
    """Return ``read`` unless it is None, which means that the user does not exist.

    For None it raises a ``Problem`` with the code ``NO_USER``. The result of the check is then SKIP.
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

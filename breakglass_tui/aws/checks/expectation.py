"""What a validated user is expected to be called, and how long AWS is given to know of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.steps.base import NOT_YET
from breakglass_tui.aws.steps.removal_commands import iam
from breakglass_tui.domain.checks import MISSION
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

T = TypeVar("T")
NO_USER = "NoUser"
"""The code of the problem that makes a check of what a user holds a skip."""


def user_arn(subject: Subject) -> str:
    """The ARN the user must have, or nothing when no request says under which path it was made."""
    if subject.request is None:
        return ""
    caller = subject.account.caller
    return f"arn:{caller.partition}:iam::{caller.account_id}:user{subject.request.path}{subject.user_name}"


def settled(context: StepContext, subject: Subject, present: Callable[[], bool], *, good: int = 1) -> bool:
    """Whether what is looked for is there.

    Only what this very process made may still be on its way to every replica of IAM: then absence is waited out, and
    presence has to hold ``good`` times in a row. Anything older is believed at the first read. What hangs on the user
    cannot be seen before it is there, so one good read proves that; that the user and its key are known everywhere
    takes several.
    """
    if subject.vault is None:
        return present()
    return wait_until_consistent(context, present, good=good)


def not_yet(subject: Subject) -> frozenset[str]:
    """The error codes that only mean that a replica has not heard of the user this very process made."""
    return NOT_YET if subject.vault is not None else frozenset()


def listed(api: Api, action: str, key: str, subject: Subject) -> list[Any] | None:
    """Everything ``action`` lists of the user, or None when there is no such user."""
    try:
        return list(api.pages(action, key, UserName=subject.user_name))
    except Problem as problem:
        if problem.code == "NoSuchEntity":
            return None
        raise


def command(subject: Subject, operation: str, *parameters: str) -> str:
    """The aws CLI command that calls the IAM ``operation`` on the user; safe to paste."""
    words = (iam(operation, user_name=subject.user_name), *map(shlex.quote, parameters))
    return show(" ".join(words), 4096)


NEW_USER = "Check the name and the account (aws iam list-users tells whom it has), or set up a new emergency user."
"""What to do about a user that is not there."""


def gone(subject: Subject) -> str:
    """The one sentence for a user that is not there."""
    return f"no user {show(subject.user_name)} in account {subject.account.caller.account_id}"


def needed(read: T | None) -> T:
    """What was read of the user; raises ``Problem`` when there is none, which makes a skip that says ``NEEDS_USER``."""
    if read is not None:
        return read
    raise Problem(
        "This needs the user.",
        why="There is none.",
        next=f"See the check: {MISSION['user-exists']}.",
        kind=Kind.MISSING,
        code=NO_USER,
    )

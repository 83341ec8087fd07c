"""``Permission``: actions of AWS that the operator needs, with the resources on which they act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """An IAM action such as ``iam:CreateUser``, with the ARNs of its resources.

    ``reason`` says why a resource has a wildcard, or is empty. ``optional`` marks a read that the program can do
    without: if AWS denies it, a result is less complete.
    """

    action: str
    resources: tuple[str, ...]
    reason: str = ""
    optional: bool = False


@dataclass(frozen=True)
class OperatorPermissions:
    """What the operator may call for one request, by purpose.

    ``prepare`` is for the assessment and the preflight checks, ``apply`` and ``undo`` for the steps, and ``validate``
    for the validation checks.
    """

    prepare: tuple[Permission, ...] = ()
    apply: tuple[Permission, ...] = ()
    undo: tuple[Permission, ...] = ()
    validate: tuple[Permission, ...] = ()


def action_names(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """Return the actions of ``permissions`` without duplicates, in the same order."""
    return tuple(dict.fromkeys(permission.action for permission in permissions))

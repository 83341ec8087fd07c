"""Checks: what is held against AWS once the user exists; they only read."""

from __future__ import annotations

from breakglass_tui.aws.checks.access import Access
from breakglass_tui.aws.checks.group_membership import GroupMembership
from breakglass_tui.aws.checks.inline_policy import InlinePolicy
from breakglass_tui.aws.checks.mfa_devices import MfaDevices
from breakglass_tui.aws.checks.role_trust import RoleTrust
from breakglass_tui.aws.checks.user_exists import UserExists
from breakglass_tui.aws.clients import Clients
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.plan import Check


def validation_checks(clients: Clients, subject: Subject) -> tuple[Check, ...]:
    """The four checks of every emergency user, and those for the group and role that were asked for; no AWS call."""
    checks: list[Check] = [
        UserExists(clients, subject),
        InlinePolicy(clients, subject),
        Access(clients, subject),
        MfaDevices(clients, subject),
    ]
    request = subject.request
    if request is not None and request.groups:
        checks.append(GroupMembership(clients, subject, request.groups))
    if request is not None and request.role_arn:
        checks.append(RoleTrust(clients, subject, request.role_arn))
    return tuple(checks)

"""Checks: what is held against AWS once the user exists; they only read."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.aws.checks.access import Access
from breakglass_tui.aws.checks.denies import Denies
from breakglass_tui.aws.checks.devices import device_expected
from breakglass_tui.aws.checks.envelopes import SealedFiles
from breakglass_tui.aws.checks.group_membership import GroupMembership
from breakglass_tui.aws.checks.groups import Groups
from breakglass_tui.aws.checks.inline_policy import InlinePolicy
from breakglass_tui.aws.checks.key_age import KeyAge
from breakglass_tui.aws.checks.kms_key import SealingKey
from breakglass_tui.aws.checks.last_use import LastUse
from breakglass_tui.aws.checks.mfa_devices import MfaDevices
from breakglass_tui.aws.checks.mfa_enforcement import MfaEnforcement
from breakglass_tui.aws.checks.password_policy import PasswordPolicy
from breakglass_tui.aws.checks.policies import Policies
from breakglass_tui.aws.checks.reads import Reads
from breakglass_tui.aws.checks.role_trust import RoleTrust
from breakglass_tui.aws.checks.second_device import SecondDevice
from breakglass_tui.aws.checks.sign_in_alert import SignInAlert
from breakglass_tui.aws.checks.trail import Trail
from breakglass_tui.aws.checks.user_exists import UserExists
from breakglass_tui.aws.clients import Clients
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.plan import Check


def validation_checks(clients: Clients, subject: Subject) -> tuple[Check, ...]:
    """The four checks of every emergency user, then what applies to this one; no AWS call.

    Of a user that no request describes everything is looked at that such a user can have.
    """
    reads = Reads(clients, subject)
    return (
        UserExists(clients, subject),
        InlinePolicy(clients, subject),
        Access(clients, subject, reads=reads),
        MfaDevices(clients, subject, reads=reads),
        *_powers(clients, subject, reads),
        *_credentials(clients, subject, reads),
        Trail(clients, subject, reads=reads),
        *([SignInAlert(clients, subject, reads=reads)] if _console(subject) else ()),
    )


def _powers(clients: Clients, subject: Subject, reads: Reads) -> Iterator[Check]:
    """What gives the user its rights, and what could take them."""
    request = subject.request
    yield Policies(clients, subject, reads=reads)
    if request is not None and request.groups:
        yield GroupMembership(clients, subject, request.groups, reads=reads)
    yield Groups(clients, subject, reads=reads)
    yield Denies(clients, subject, reads=reads)
    if request is None or request.require_mfa or device_expected(subject):
        yield MfaEnforcement(clients, subject, reads=reads)
        yield SecondDevice(clients, subject, reads=reads)
    if request is not None and request.role_arn:
        yield RoleTrust(clients, subject, request.role_arn, reads=reads)


def _credentials(clients: Clients, subject: Subject, reads: Reads) -> Iterator[Check]:
    """What keeps the credentials usable until they are needed."""
    request = subject.request
    if request is None or request.programmatic:
        yield KeyAge(clients, subject, reads=reads)
    yield LastUse(clients, subject, reads=reads)
    if _console(subject):
        yield PasswordPolicy(clients, subject, reads=reads)
    if subject.envelopes:
        yield SealedFiles(clients, subject, reads=reads)
    if (request is not None and request.kms_key_id) or any("kms" in envelope.seals for envelope in subject.envelopes):
        yield SealingKey(clients, subject, reads=reads)


def _console(subject: Subject) -> bool:
    return subject.request is None or subject.request.console

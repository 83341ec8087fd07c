"""The validation checks. They only read AWS, and compare an existing user with its request."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.aws.checks.denies import DeniesCheck
from breakglass_tui.aws.checks.envelopes import EnvelopesCheck
from breakglass_tui.aws.checks.group_membership import GroupMembershipCheck
from breakglass_tui.aws.checks.groups import GroupsCheck
from breakglass_tui.aws.checks.inline_policy import InlinePolicyCheck
from breakglass_tui.aws.checks.key_age import KeyAgeCheck
from breakglass_tui.aws.checks.kms_key import KmsKeyCheck
from breakglass_tui.aws.checks.last_use import LastUseCheck
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.mfa_enforcement import MfaEnforcementCheck
from breakglass_tui.aws.checks.password_policy import PasswordPolicyCheck
from breakglass_tui.aws.checks.policies import PoliciesCheck
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.second_device import SecondDeviceCheck
from breakglass_tui.aws.checks.sign_in_alert import SignInAlertCheck
from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.aws.checks.user_exists import UserExistsCheck
from breakglass_tui.aws.checks.user_reads import UserReads
from breakglass_tui.aws.clients import Clients
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.plan import Check


def validation_checks(clients: Clients, subject: Subject) -> tuple[Check, ...]:
    """Return the validation checks for ``subject``. Makes no AWS call.

    ``user-exists``, ``inline-policy``, ``access`` and ``mfa-devices`` are always present and come first. The others
    follow if they apply to the user. A user without a request gets every check that can apply to it.
    """
    reads = UserReads(clients, subject)
    return (
        UserExistsCheck(clients, subject),
        InlinePolicyCheck(clients, subject),
        AccessCheck(clients, subject, reads=reads),
        MfaDevicesCheck(clients, subject, reads=reads),
        *_permission_checks(clients, subject, reads),
        *_credential_checks(clients, subject, reads),
        TrailCheck(clients, subject, reads=reads),
        *([SignInAlertCheck(clients, subject, reads=reads)] if _has_console(subject) else ()),
    )


def _permission_checks(clients: Clients, subject: Subject, reads: UserReads) -> Iterator[Check]:
    """Yield the checks of the user's permissions and of what can deny them."""
    request = subject.request
    yield PoliciesCheck(clients, subject, reads=reads)
    if request is not None and request.groups:
        yield GroupMembershipCheck(clients, subject, request.groups, reads=reads)
    yield GroupsCheck(clients, subject, reads=reads)
    yield DeniesCheck(clients, subject, reads=reads)
    if request is None or request.require_mfa or device_expected(subject):
        yield MfaEnforcementCheck(clients, subject, reads=reads)
        yield SecondDeviceCheck(clients, subject, reads=reads)
    if request is not None and request.role_arn:
        yield RoleTrustCheck(clients, subject, request.role_arn, reads=reads)


def _credential_checks(clients: Clients, subject: Subject, reads: UserReads) -> Iterator[Check]:
    """Yield the checks of whether the credentials stay usable until an emergency."""
    request = subject.request
    if request is None or request.programmatic:
        yield KeyAgeCheck(clients, subject, reads=reads)
    yield LastUseCheck(clients, subject, reads=reads)
    if _has_console(subject):
        yield PasswordPolicyCheck(clients, subject, reads=reads)
    if subject.envelopes:
        yield EnvelopesCheck(clients, subject, reads=reads)
    if (request is not None and request.kms_key_id) or any("kms" in envelope.seals for envelope in subject.envelopes):
        yield KmsKeyCheck(clients, subject, reads=reads)


def _has_console(subject: Subject) -> bool:
    return subject.request is None or subject.request.console

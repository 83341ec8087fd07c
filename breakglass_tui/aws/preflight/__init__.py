"""The preflight checks, which run before the first write.

They only read AWS, and encrypt a test text with each seal.
"""

from __future__ import annotations

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.preflight.admin_policy import AdminPolicyPreflight
from breakglass_tui.aws.preflight.certificates import CertificatesPreflight
from breakglass_tui.aws.preflight.clock_skew import ClockPreflight
from breakglass_tui.aws.preflight.groups_and_role import GroupsPreflight, RolePreflight
from breakglass_tui.aws.preflight.lock_out import LockOutPreflight
from breakglass_tui.aws.preflight.permissions import PermissionsPreflight
from breakglass_tui.aws.preflight.quotas import QuotasPreflight
from breakglass_tui.aws.preflight.sealing import OutputPreflight, SealPreflight, needs_seal
from breakglass_tui.aws.preflight.user_name_free import UserNamePreflight
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Check

EARLY = (UserNamePreflight, CertificatesPreflight, GroupsPreflight, SealPreflight, QuotasPreflight, ClockPreflight)


def preflight_checks(clients: Clients, setup: Setup) -> tuple[Check, ...]:
    """Return the preflight checks for this request. Makes no AWS call."""
    request = setup.request
    checks: list[Check] = [] if setup.resumed else [UserNamePreflight(clients, setup)]
    checks.append(AdminPolicyPreflight(setup))
    if clients.leaves_this_machine:
        checks.append(CertificatesPreflight(clients))
    if request.groups:
        checks.append(GroupsPreflight(clients, setup))
    if request.role_arn:
        checks.append(RolePreflight(clients, setup))
    if request.groups or request.require_mfa:
        checks.append(LockOutPreflight(clients, setup))
    if needs_seal(request):
        checks += [SealPreflight(clients, setup), OutputPreflight(setup)]
    checks += [QuotasPreflight(clients, setup), PermissionsPreflight(clients, setup)]
    return (*checks, ClockPreflight(clients, codes=request.mfa == "sealed"))


def early_checks(clients: Clients, setup: Setup) -> tuple[Check, ...]:
    """Return the checks that call AWS and need only the caller of the account, so that they can run before the rest."""
    return tuple(check for check in preflight_checks(clients, setup) if isinstance(check, EARLY))

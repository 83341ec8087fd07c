"""Preflight: a last look before the first write. It reads, and seals a canary; it changes nothing."""

from __future__ import annotations

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.preflight.certificates import CertificatesTrusted
from breakglass_tui.aws.preflight.clock import ClockAgrees
from breakglass_tui.aws.preflight.existing import GroupsExist, RoleExists
from breakglass_tui.aws.preflight.lock_out import LockOut
from breakglass_tui.aws.preflight.names import NameFree
from breakglass_tui.aws.preflight.permissions import Permissions
from breakglass_tui.aws.preflight.policy import PolicyReadable
from breakglass_tui.aws.preflight.quotas import Quotas
from breakglass_tui.aws.preflight.seals import OutputWritable, SealWorks, seals_anything
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Check


def preflight_checks(clients: Clients, setup: Setup) -> tuple[Check, ...]:
    """What this request needs to be looked at; no AWS call."""
    request = setup.request
    checks: list[Check] = [] if setup.resumed else [NameFree(clients, setup)]
    checks.append(PolicyReadable(setup))
    if clients.leaves_this_machine:
        checks.append(CertificatesTrusted(clients))
    if request.groups:
        checks.append(GroupsExist(clients, setup))
    if request.role_arn:
        checks.append(RoleExists(clients, setup))
    if request.groups or request.require_mfa:
        checks.append(LockOut(clients, setup))
    if seals_anything(request):
        checks += [SealWorks(clients, setup), OutputWritable(setup)]
    checks += [Quotas(clients, setup), Permissions(clients, setup)]
    return (*checks, ClockAgrees(clients, codes=request.mfa == "sealed"))

"""The plan of a setup: its steps and the order in which they may run."""

from __future__ import annotations

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.access_key import AccessKeyStep
from breakglass_tui.aws.steps.create_user import CreateUserStep, UserResourceStep
from breakglass_tui.aws.steps.group_membership import GroupMembershipStep
from breakglass_tui.aws.steps.inline_policy import InlinePolicyStep
from breakglass_tui.aws.steps.login_profile import LoginProfileStep
from breakglass_tui.aws.steps.mfa_device import MfaDeviceStep
from breakglass_tui.aws.steps.role_trust import RoleTrustStep
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan


def build_plan(clients: Clients, setup: Setup) -> Plan:
    """Return the plan with the steps of the request, in the order in which they are shown.

    The steps that grant permissions need all credential steps, so that an incomplete user has no permissions.
    """
    request = setup.request
    requested: dict[str, bool] = {
        MfaDeviceStep.id: request.mfa != "none",
        LoginProfileStep.id: request.console,
        AccessKeyStep.id: request.programmatic,
    }
    user = frozenset({CreateUserStep.id})
    credentials = user | {id for id, wanted in requested.items() if wanted}
    steps: list[UserResourceStep] = []
    if requested[MfaDeviceStep.id]:
        steps.append(MfaDeviceStep(clients, setup, user))
    steps.append(InlinePolicyStep(clients, setup, credentials))
    if request.groups:
        steps.append(GroupMembershipStep(clients, setup, credentials))
    if request.role_arn:
        steps.append(RoleTrustStep(clients, setup, credentials))
    if requested[LoginProfileStep.id]:
        steps.append(LoginProfileStep(clients, setup, user))
    if requested[AccessKeyStep.id]:
        steps.append(AccessKeyStep(clients, setup, user))
    return Plan((CreateUserStep(clients, setup, others=tuple(steps)), *steps))

"""From a setup to its plan: which steps there are, and what each has to wait for."""

from __future__ import annotations

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.access_key import AccessKeyStep
from breakglass_tui.aws.steps.create_user import CreateUserStep
from breakglass_tui.aws.steps.group_membership import GroupMembershipStep
from breakglass_tui.aws.steps.inline_policy import InlinePolicyStep
from breakglass_tui.aws.steps.login_profile import LoginProfileStep
from breakglass_tui.aws.steps.mfa_device import MfaDeviceStep
from breakglass_tui.aws.steps.role_trust import RoleTrustStep
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step


def build_plan(clients: Clients, setup: Setup) -> Plan:
    """The steps in the operator's order. Grants wait for every credential: a half-made user holds no power."""
    request = setup.request
    asked: dict[str, bool] = {
        MfaDeviceStep.id: request.mfa != "none",
        LoginProfileStep.id: request.console,
        AccessKeyStep.id: request.programmatic,
    }
    user = frozenset({CreateUserStep.id})
    credentials = user | {id for id, wanted in asked.items() if wanted}
    steps: list[Step] = []
    if asked[MfaDeviceStep.id]:
        steps.append(MfaDeviceStep(clients, setup, user))
    steps.append(InlinePolicyStep(clients, setup, credentials))
    if request.groups:
        steps.append(GroupMembershipStep(clients, setup, credentials))
    if request.role_arn:
        steps.append(RoleTrustStep(clients, setup, credentials))
    if asked[LoginProfileStep.id]:
        steps.append(LoginProfileStep(clients, setup, user))
    if asked[AccessKeyStep.id]:
        steps.append(AccessKeyStep(clients, setup, user))
    return Plan((CreateUserStep(clients, setup, others=tuple(steps)), *steps))

"""From a setup to its plan: which steps there are, and what each has to wait for."""

from __future__ import annotations

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.access_key import AccessKey
from breakglass_tui.aws.steps.console import LoginProfile
from breakglass_tui.aws.steps.group import GroupMembership
from breakglass_tui.aws.steps.mfa import MfaDevice
from breakglass_tui.aws.steps.policy import InlinePolicy
from breakglass_tui.aws.steps.role import RoleTrust
from breakglass_tui.aws.steps.user import CreateUser
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step


def build_plan(clients: Clients, setup: Setup) -> Plan:
    """The steps in the operator's order. Grants wait for every credential: a half-made user holds no power."""
    request = setup.request
    asked: dict[str, bool] = {
        MfaDevice.id: request.mfa != "none",
        LoginProfile.id: request.console,
        AccessKey.id: request.programmatic,
    }
    user = frozenset({CreateUser.id})
    credentials = user | {id for id, wanted in asked.items() if wanted}
    steps: list[Step] = []
    if asked[MfaDevice.id]:
        steps.append(MfaDevice(clients, setup, user))
    steps.append(InlinePolicy(clients, setup, credentials))
    if request.groups:
        steps.append(GroupMembership(clients, setup, credentials))
    if request.role_arn:
        steps.append(RoleTrust(clients, setup, credentials))
    if asked[LoginProfile.id]:
        steps.append(LoginProfile(clients, setup, user))
    if asked[AccessKey.id]:
        steps.append(AccessKey(clients, setup, user))
    return Plan((CreateUser(clients, setup, others=tuple(steps)), *steps))

"""The facts that the script and the Terraform file are generated from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.account import AdminPolicy, PasswordPolicy
from breakglass_tui.domain.ownership import device_name, device_serial, run_tags, trust_sid, user_arn
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import requires_mfa, with_user
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.secrets.password import LENGTH


@dataclass(frozen=True)
class RoleChange:
    """The current and the new trust policy of a role."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ScriptContext:
    """A request, and everything that a run would derive from it."""

    request: SetupRequest
    account_id: str
    run_id: str
    tags: Mapping[str, str]
    device: str
    serial: str
    policy: Mapping[str, Any]
    password_length: int
    role: RoleChange | None

    @property
    def name(self) -> str:
        """Return the name of the user."""
        return self.request.user_name


def script_context(setup: Setup) -> ScriptContext:
    """Return the facts for ``setup``. Raise ``Problem`` if a policy document that the commands contain was not read."""
    request, account = setup.request, setup.account
    device = device_name(request.user_name, setup.run_id)
    rules = account.password_policy if isinstance(account.password_policy, PasswordPolicy) else PasswordPolicy()
    return ScriptContext(
        request=request,
        account_id=account.caller.account_id,
        run_id=setup.run_id,
        tags=run_tags(request, setup.run_id),
        device=device,
        serial=device_serial(account.caller, device),
        policy=_policy(setup),
        password_length=max(LENGTH, rules.minimum_length),
        role=_role(setup) if request.role_arn else None,
    )


def _policy(setup: Setup) -> Mapping[str, Any]:
    policy = setup.account.admin_policy
    if isinstance(policy, AdminPolicy):
        return inline_document(policy, require_mfa=setup.request.require_mfa)
    raise policy or _unread("The managed policy AdministratorAccess")


def _role(setup: Setup) -> RoleChange:
    arn, roles = setup.request.role_arn, setup.account.roles
    role = next((role for role in (roles.items if roles else ()) if role.arn == arn), None)
    if role is None:
        raise _unread(f"The trust policy of role {show(arn)}")
    own, mfa = user_arn(setup.account.caller, setup.request), requires_mfa(setup.request, role.trust)
    return RoleChange(role.name, role.trust, with_user(role.trust, trust_sid(setup.run_id), own, mfa=mfa))


def _unread(what: str) -> Problem:
    return Problem(
        f"{what} could not be read, so the commands cannot be shown.",
        why="The commands contain the current version of this document.",
        next="Use credentials that allow iam:ListRoles, iam:GetRole and iam:GetPolicyVersion, then try again.",
        kind=Kind.REFUSED,
        code="NotRead",
    )

"""Material: what the script and the Terraform file are made of, read from a setup once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.account import AdminPolicy, PasswordPolicy
from breakglass_tui.domain.ownership import device_name, device_serial, marked, sid_of, user_arn
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import mfa_for, with_user
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.secrets.password import LENGTH


@dataclass(frozen=True)
class RoleChange:
    """The trust policy of a role as it stands and as it shall be."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ScriptContext:
    """A request with everything that the run would work out for it."""

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
        """The user's name."""
        return self.request.user_name


def script_context(setup: Setup) -> ScriptContext:
    """What commands for ``setup`` are made of. Raises ``Problem`` if a document they must contain was not read."""
    request, account = setup.request, setup.account
    device = device_name(request.user_name, setup.run_id)
    rules = account.password_policy if isinstance(account.password_policy, PasswordPolicy) else PasswordPolicy()
    return ScriptContext(
        request=request,
        account_id=account.caller.account_id,
        run_id=setup.run_id,
        tags=marked(request, setup.run_id),
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
    raise policy or _unread("AdministratorAccess")


def _role(setup: Setup) -> RoleChange:
    arn, roles = setup.request.role_arn, setup.account.roles
    role = next((role for role in (roles.items if roles else ()) if role.arn == arn), None)
    if role is None:
        raise _unread(f"The trust policy of role {show(arn)}")
    own, mfa = user_arn(setup.account.caller, setup.request), mfa_for(setup.request, role.trust)
    return RoleChange(role.name, role.trust, with_user(role.trust, sid_of(setup.run_id), own, mfa=mfa))


def _unread(what: str) -> Problem:
    return Problem(
        f"{what} could not be read, so the commands cannot be shown.",
        why="They contain that document as it is now.",
        next="Use credentials that may read it (iam:ListRoles, iam:GetRole, iam:GetPolicyVersion), and try again.",
        kind=Kind.REFUSED,
        code="NotRead",
    )

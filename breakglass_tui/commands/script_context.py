"""``ScriptContext``, the values from which the bash script and the Terraform file are generated."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.shell_words import aws
from breakglass_tui.domain import identifiers
from breakglass_tui.domain.account import AdminPolicy, PasswordPolicy
from breakglass_tui.domain.administrator_access import CHANGED_NEXT, administrator_access_flaws
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.ownership import device_name, device_serial, run_tags, trust_sid, user_arn
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.shell_quoting import option
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import requires_mfa, with_user
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan
from breakglass_tui.secrets.password import LENGTH

PLACES = {
    Place.DEMO: (
        "DEMO: This file is for a simulated account, which ends with the process that wrote the file. "
        "After that, the file cannot be used."
    ),
    Place.EMULATOR: "EMULATOR: This file is not for AWS. All calls go to {endpoint}.",
    Place.CUSTOM_ENDPOINT: "CUSTOM ENDPOINT: All calls go to {endpoint}.",
}
"""What the file says at its top, by place. A file for AWS itself says nothing."""


@dataclass(frozen=True)
class RoleChange:
    """The current and the new trust policy of a role."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ScriptContext:
    """A request, and the values that a run would compute from it.

    ``unguarded_policy`` is ``policy`` without the deny of ``require_mfa``. ``device`` is the name of the MFA
    device, and ``serial`` its ARN. ``endpoint`` is the endpoint URL of all calls, or None for AWS itself. ``place``
    is what answers there.
    """

    request: SetupRequest
    account_id: str
    run_id: str
    tags: Mapping[str, str]
    device: str
    serial: str
    policy: Mapping[str, Any]
    unguarded_policy: Mapping[str, Any]
    password_length: int
    role: RoleChange | None
    endpoint: str | None = None
    place: Place = Place.AWS

    @property
    def name(self) -> str:
        """The name of the user."""
        return self.request.user_name

    @property
    def validate_command(self) -> str:
        """The command line that validates the user, quoted for a shell."""
        endpoint = f" --endpoint-url {shlex.quote(self.endpoint)}" if self.endpoint else ""
        return f"breakglass-tui{endpoint} validate {option('user_name', self.name)}"

    @property
    def place_lines(self) -> tuple[str, ...]:
        """The comment that says that the file is for another place than AWS itself. Empty for AWS."""
        return (comment(PLACES[self.place].format(endpoint=self.endpoint)), "#") if self.place in PLACES else ()

    def aws(self, service: str, operation: str, **options: str) -> str:
        """Return an AWS CLI command that calls the endpoint of the plan."""
        endpoint = {"endpoint_url": self.endpoint} if self.endpoint else {}
        return aws(service, operation, **endpoint, **options)


def script_context(setup: Setup, plan: Plan) -> ScriptContext:
    """Return the ``ScriptContext`` for ``setup`` and its ``plan``.

    Raises ``Problem`` if a policy document that the commands contain was not read, or if the account id is not valid.
    """
    request, account = setup.request, setup.account
    if identifiers.ACCOUNT_ID.error(account.caller.account_id):
        raise _unexpected_account(account.caller.account_id)
    device = device_name(request.user_name, setup.run_id)
    rules = account.password_policy if isinstance(account.password_policy, PasswordPolicy) else PasswordPolicy()
    return ScriptContext(
        request=request,
        account_id=account.caller.account_id,
        run_id=setup.run_id,
        tags=run_tags(request, setup.run_id),
        device=device,
        serial=device_serial(account.caller, device),
        policy=_policy(setup, require_mfa=request.require_mfa),
        unguarded_policy=_policy(setup, require_mfa=False),
        password_length=max(LENGTH, rules.minimum_length),
        role=_role(setup) if request.role_arn else None,
        endpoint=plan.endpoint,
        place=plan.place,
    )


def _policy(setup: Setup, *, require_mfa: bool) -> Mapping[str, Any]:
    policy = setup.account.admin_policy
    if isinstance(policy, AdminPolicy):
        flaws = administrator_access_flaws(policy.document)
        if flaws:
            raise _changed_policy(flaws)
        return inline_document(policy, require_mfa=require_mfa)
    raise policy or _unread("The managed policy AdministratorAccess")


def _role(setup: Setup) -> RoleChange:
    arn, roles = setup.request.role_arn, setup.account.roles
    role = next((role for role in (roles.items if roles else ()) if role.arn == arn), None)
    if role is None:
        raise _unread(f"The trust policy of role {show(arn)}")
    own, mfa = user_arn(setup.account.caller, setup.request), requires_mfa(setup.request, role.trust)
    # The name is the one of the request, which was validated, and not the one that the endpoint answered.
    name = arn.rsplit("/", 1)[-1]
    return RoleChange(name, role.trust, with_user(role.trust, trust_sid(setup.run_id), own, mfa=mfa))


def _unread(what: str) -> Problem:
    return Problem(
        f"{what} could not be read, so the commands cannot be shown.",
        why="The commands contain the current version of this document.",
        next="Use credentials that allow iam:ListRoles, iam:GetRole and iam:GetPolicyVersion, then try again.",
        kind=Kind.REFUSED,
        code="NotRead",
    )


def _changed_policy(flaws: tuple[str, ...]) -> Problem:
    return Problem(
        "AdministratorAccess is not the policy that AWS publishes, so the commands cannot be shown.",
        why=f"The commands contain a copy of it. The differences: {'; '.join(flaws)}.",
        next=CHANGED_NEXT,
        kind=Kind.REFUSED,
        code="ChangedPolicy",
    )


def _unexpected_account(account_id: str) -> Problem:
    return Problem(
        f"The account id {show(account_id)} is not an account id of AWS, so the commands cannot be shown.",
        why="An account id has twelve digits. An endpoint other than AWS may have answered.",
        next="Check --endpoint-url, the network and the proxy. Then try again.",
        kind=Kind.REFUSED,
        code="UnexpectedAccountId",
    )

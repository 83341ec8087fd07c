"""The step ``role-trust``: a statement in a role's trust policy that allows the user to assume the role."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import RETRY_WINDOW_S, Api
from breakglass_tui.aws.consistency import INTERVAL_S, wait_for
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, send_idempotent
from breakglass_tui.aws.steps.own_user import OWNERSHIP_READS
from breakglass_tui.aws.steps.removal_commands import statement_removal, suggest_removal
from breakglass_tui.aws.steps.trust_statement import (
    contains_user,
    deleted_principal_ids,
    diff,
    has_statement,
    remove_user,
    without_run_statements,
)
from breakglass_tui.aws.steps.trust_update import UPDATE, TrustUpdate, changed_problem
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.ownership import trust_sid
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import size
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import all_require_mfa, requires_mfa, with_user
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

MALFORMED = "MalformedPolicyDocument"
WITHOUT_MFA = "all other principals need MFA, but this user has no device"
QUOTA = 2048
"""The default maximum number of characters of a trust policy (IAM quotas)."""


@dataclass(frozen=True)
class RoleTrustStep(AwsStep):
    """The step that adds one statement to the trust policy of the role (UpdateAssumeRolePolicy)."""

    id = "role-trust"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply``, with their resources."""
        return (
            *self.scope.role("iam:GetRole", UPDATE),
            *self.scope.user(*OWNERSHIP_READS),
        )

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return tuple(self.scope.role("iam:GetRole", UPDATE))

    @property
    def title(self) -> str:
        """The title of the step, with the name of the role."""
        return f"Role {show(self.role_name)}"

    @property
    def role_name(self) -> str:
        """The name of the role, without its path."""
        return self.setup.request.role_arn.rsplit("/", 1)[-1]

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new statement, with a diff of the whole trust policy."""
        shown = self._shown()
        text = f"one statement added to the trust policy of role {show(self.role_name)}: {self.user_arn} may assume it"
        before = shown or {}
        after = self._after(before, self.user_arn)
        if shown is None:
            text += " (the current policy could not be read)"
        elif requires_mfa(self.setup.request, before):
            text += ", with MFA only"
        elif all_require_mfa(before):
            text += f" ({WITHOUT_MFA})"
        return Change("diff", text, diff(before, after, show(self.role_name)))

    def apply(self, context: StepContext) -> StepOutcome:
        """Add the statement to the trust policy and wait until AWS shows it.

        Raises ``Problem`` if the trust policy has changed since the operator reviewed it.
        """
        api, arn = self.api(context), context.facts.get("user_arn", self.user_arn)
        update = TrustUpdate(api, self.role_name, lambda trust: self._after(trust, arn), self.iam_command)
        read: list[dict[str, Any]] = []

        def put() -> None:
            # AWS reports a malformed policy while a new user in it is not visible yet, for about half a minute.
            started_at = context.clock.ticks()
            while True:
                trust = read.pop() if read else self._read(api)
                if has_statement(trust, self._sid):
                    return
                self._refuse_change(api, trust, arn)
                try:
                    update.send(trust)
                    return
                except Problem as problem:
                    if problem.code != MALFORMED or context.clock.ticks() - started_at >= RETRY_WINDOW_S:
                        raise
                self.require_own_user(api)
                context.wait(INTERVAL_S)

        def applied() -> bool:
            trust = self._read(api)
            if not has_statement(trust, self._sid):
                update.require_not_replaced(trust)
                return False
            return True

        with context.locked(self._lock_name), update:
            with read_meanwhile(api, self._read) as reading:
                self.require_own_user(api)
            read.append(reading.result())
            send_idempotent(context, UPDATE, "The trust policy", put, applied)
            update.restore()
        return StepOutcome(f"the user may assume {show(self.role_name)}")

    def undo(self, context: StepContext) -> None:
        """Remove the user from the statement of this run. The rest of the trust policy is not changed.

        Raises ``Problem`` with the removal command.
        """
        api, arn = self.api(context), context.facts.get("user_arn", self.user_arn)
        if not may_exist(context, UPDATE):
            return

        update = TrustUpdate(api, self.role_name, lambda trust: self._rest_of(trust, arn), self.iam_command)

        def read() -> dict[str, Any] | None:
            trust = update.read()
            return trust if contains_user(trust, self._sid, arn) else None

        def remove() -> None:
            trust = read()
            if trust is not None:
                update.send(trust)

        what = f"The statement {self._sid} of role {show(self.role_name)}"
        with context.locked(self._lock_name), update:
            with self.suggest_removal(context, what):
                trust = wait_for(context, read)
            if trust is None:
                return
            rest = self._rest_of(trust, arn)
            # If another caller added principals to the statement, only an update with the whole document keeps them.
            commands = (self._update(rest),) if has_statement(rest, self._sid) else self.removal_commands(context)
            with suggest_removal(what, lambda _: commands):
                send_idempotent(context, UPDATE, "The removal", remove, lambda: read() is None)
            update.restore()

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - as of the base class
        """Return the shell command that removes the statement of this run."""
        return (statement_removal(self.role_name, self._sid, *self.clients.cli_options),)

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the trust policy has the statement of this run."""
        answer = self.api(context).find("iam:GetRole", RoleName=self.role_name)
        exists = answer is not None and has_statement(trust_of(answer["Role"]), self._sid)
        return ObservedState(Observation.THERE if exists else Observation.ABSENT)

    @property
    def _lock_name(self) -> str:
        return f"role {self.role_name}"

    @property
    def _sid(self) -> str:
        return trust_sid(self.setup.run_id)

    def _shown(self) -> dict[str, Any] | None:
        roles = self.setup.account.roles
        for role in roles.items if roles else ():
            if role.arn == self.setup.request.role_arn:
                return dict(role.trust)
        return None

    def _read(self, api: Api) -> dict[str, Any]:
        answer = api.find("iam:GetRole", RoleName=self.role_name)
        if answer is None:
            raise _missing(self.role_name)
        return trust_of(answer["Role"])

    def _rest_of(self, trust: Mapping[str, Any], arn: str) -> dict[str, Any]:
        return remove_user(trust, self._sid, arn, self._shown())

    def _refuse_change(self, api: Api, trust: dict[str, Any], arn: str) -> None:
        """Raise ``Problem`` if the statement of this run cannot be added to ``trust``.

        That is so if ``trust`` is not the reviewed policy, names a deleted principal, or becomes too long. Statements
        of other runs may have been added or removed since the review.
        """
        shown = self._shown()
        if shown is not None and trust != shown and without_run_statements(trust) != without_run_statements(shown):
            raise changed_problem(self.role_name)
        self._refuse_stale(trust)
        self._refuse_too_long(api, self._after(trust, arn))

    def _after(self, trust: Mapping[str, Any], arn: str) -> dict[str, Any]:
        """Return ``trust`` with the statement of this run.

        The statement requires MFA if the user has a device and all other statements require MFA.
        """
        return with_user(trust, self._sid, arn, mfa=requires_mfa(self.setup.request, trust))

    def _refuse_too_long(self, api: Api, trust: dict[str, Any]) -> None:
        if size(trust) > QUOTA:
            quota = self._quota(api)
            if size(trust) > quota:
                raise _too_long(self.role_name, size(trust), quota)

    def _quota(self, api: Api) -> int:
        try:
            summary = api.call("iam:GetAccountSummary").get("SummaryMap", {})
        except Problem:
            return sys.maxsize  # AWS itself refuses a policy that is too long
        return int(summary.get("AssumeRolePolicySizeQuota", QUOTA))

    def _refuse_stale(self, trust: dict[str, Any]) -> None:
        deleted = deleted_principal_ids(trust)
        if deleted:
            raise _stale(self.role_name, ", ".join(deleted))

    def _update(self, trust: dict[str, Any]) -> str:
        document = json.dumps(trust)
        return self.iam_command("update-assume-role-policy", role_name=self.role_name, policy_document=document)


def _missing(role: str) -> Problem:
    return Problem(
        f"The role {show(role)} no longer exists.",
        why="It was in the assessment or was typed, and AWS does not find it now.",
        next="Choose another role, or have it created again. Then start again.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )


def _stale(role: str, ids: str) -> Problem:
    return Problem(
        f"The trust policy of role {show(role)} names a user or role that was deleted: {show(ids)}.",
        why="AWS refuses every change of a trust policy that contains such an id.",
        next="Have that statement removed or corrected. Then assess the account again.",
        kind=Kind.REFUSED,
        code=MALFORMED,
    )


def _too_long(role: str, used: int, quota: int) -> Problem:
    return Problem(
        f"The trust policy of role {show(role)} has no room for one more statement.",
        why=f"It would have {used} characters. The quota of this account is {quota}.",
        next="Shorten the policy, ask AWS for a higher quota, or choose another role.",
        kind=Kind.REFUSED,
        code="LimitExceeded",
    )

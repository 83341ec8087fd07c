"""The step ``inline-policy``: AdministratorAccess as an inline policy of the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, remove_and_confirm, send_idempotent
from breakglass_tui.aws.steps.own_user import LAG_S, NOT_VISIBLE_YET, OWNERSHIP_READS, other_user_problem
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import (
    INLINE_POLICY_NAME,
    INLINE_QUOTA,
    compact,
    inline_document,
    is_inline_document,
    size,
)
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

PUT = "iam:PutUserPolicy"


@dataclass(frozen=True)
class InlinePolicyStep(AwsStep):
    """The step that calls PutUserPolicy. Like every grant, it runs after all credentials are sealed or stored."""

    id = "inline-policy"
    title = "Inline policy"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply``, with their resources."""
        return tuple(self.scope.user("iam:GetUserPolicy", PUT, *OWNERSHIP_READS))

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return tuple(self.scope.user(*OWNERSHIP_READS, "iam:GetUserPolicy", "iam:DeleteUserPolicy"))

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new inline policy."""
        policy = self.setup.account.admin_policy
        version = policy.version_id if isinstance(policy, AdminPolicy) else "unknown version"
        used = size(self._document()) if isinstance(policy, AdminPolicy) else 0
        guard = " and deny without MFA" if self.setup.request.require_mfa else ""
        text = f"inline policy {INLINE_POLICY_NAME}: AdministratorAccess {version}{guard}"
        return Change("new", f"{text}, {used} of {INLINE_QUOTA} characters")

    def apply(self, context: StepContext) -> StepOutcome:
        """Put the inline policy and wait until AWS shows it. An equal policy that exists is not changed.

        Raises ``Problem`` if a different policy of this name exists.
        """
        api = self.api(context)
        self._policy()  # raises before the first call if AdministratorAccess was not read
        with read_meanwhile(api, self._read) as reading:
            self.require_own_user(api)
        current = reading.result()
        if current is not None:
            if not self._matches(current):
                context.unmanaged_found(self.id)
                raise _unmanaged(self.user_name)
            return StepOutcome(f"{INLINE_POLICY_NAME} exists already", unchanged=True)
        send_idempotent(
            context,
            PUT,
            "The inline policy",
            lambda: self._put(api),
            lambda: self.is_granted(api, lambda branch: self._matches(self._read(branch) or {})),
        )
        return StepOutcome(INLINE_POLICY_NAME)

    def undo(self, context: StepContext) -> None:
        """Delete the inline policy of the user that this run created. Raises ``Problem`` with the removal command."""
        api = self.api(context)
        with self.suggest_removal(context, f"The inline policy of {show(self.user_name)}"):
            if not may_exist(context, PUT):
                return
            if not self.wait_for_own_user(api) and not self._is_on_other_user(api):
                return
            if self.id in context.run_log.unmanaged and self._read(api) is not None:
                raise _unmanaged(self.user_name)
            remove_and_confirm(
                context,
                "The removal",
                lambda: api.remove("iam:DeleteUserPolicy", UserName=self.user_name, PolicyName=INLINE_POLICY_NAME),
                lambda: self._read(api) is not None,
            )

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - as of the base class
        """Return the shell command that deletes the inline policy."""
        return (self.iam_command("delete-user-policy", user_name=self.user_name, policy_name=INLINE_POLICY_NAME),)

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the inline policy exists. If AdministratorAccess was read, the documents are compared too."""
        api = self.api(context)

        def observe() -> ObservedState:
            current = self._read(api)
            if current is None:
                return ObservedState(Observation.ABSENT)
            known = isinstance(self.setup.account.admin_policy, AdminPolicy)
            differs = known and not self._matches(current)
            return (
                ObservedState(Observation.UNMANAGED, "its document differs")
                if differs
                else ObservedState(Observation.THERE)
            )

        return self.observe_on_own_user(api, observe)

    def _is_on_other_user(self, api: Api) -> bool:
        """Return whether the policy of this run is on another user, who got the name while the request was under way.

        Raises ``Problem`` if that user belongs to another run, which puts the same policy.
        """
        other = self.find_other_user(api, PUT)
        if other is None or not self._matches(self._read(api) or {}):
            return False
        if self._run_tag(api, other):
            raise other_user_problem(self.user_name)
        api.context.note("another user of this name has the inline policy of this run: removing the policy")
        return True

    def _matches(self, found: Mapping[str, Any]) -> bool:
        """Return whether ``found`` is the document of this step, or the one that an earlier release put."""
        return is_inline_document(found, self._policy(), require_mfa=self.setup.request.require_mfa)

    def _document(self) -> dict[str, Any]:
        return inline_document(self._policy(), require_mfa=self.setup.request.require_mfa)

    def _policy(self) -> AdminPolicy:
        policy = self.setup.account.admin_policy
        if isinstance(policy, Problem):
            raise policy
        if policy is None:
            raise Problem(
                "AdministratorAccess has not been read.",
                why="The inline policy is a copy of this policy, which the assessment reads.",
                next="Assess the account again.",
            )
        return policy

    def _read(self, api: Api) -> Mapping[str, Any] | None:
        answer = api.find("iam:GetUserPolicy", UserName=self.user_name, PolicyName=INLINE_POLICY_NAME)
        document = answer.get("PolicyDocument") if answer else None
        return document if isinstance(document, dict) else None

    def _put(self, api: Api) -> None:
        names: dict[str, Any] = {"UserName": self.user_name, "PolicyName": INLINE_POLICY_NAME}
        put = {**names, "PolicyDocument": compact(self._document())}
        self.call_on_own_user(api, lambda: api.call(PUT, retry_on=NOT_VISIBLE_YET, retry_for_s=LAG_S, **put))


def _unmanaged(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} already has a different inline policy {INLINE_POLICY_NAME}.",
        why="Another admin or program put it on the user during this run. This run did not change it.",
        next="Find out who did that (CloudTrail event PutUserPolicy). Then start again.",
        kind=Kind.REFUSED,
        code="EntityAlreadyExists",
    )

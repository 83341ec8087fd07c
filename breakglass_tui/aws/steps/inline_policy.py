"""The step ``inline-policy``: AdministratorAccess as a policy of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, removed, send_idempotent
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, INLINE_QUOTA, compact, inline_document, same, size
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

PUT = "iam:PutUserPolicy"


@dataclass(frozen=True)
class InlinePolicyStep(AwsStep):
    """One of the grants: it comes when every credential is safe."""

    id = "inline-policy"
    title = "Admin policy"
    actions = ("iam:GetUserPolicy", PUT, *OWNERSHIP)
    undo_actions = (*OWNERSHIP, "iam:GetUserPolicy", "iam:DeleteUserPolicy")

    @property
    def change(self) -> Change:
        """One inline policy."""
        policy = self.setup.account.admin_policy
        version = policy.version_id if isinstance(policy, AdminPolicy) else "unknown version"
        used = size(self._document()) if isinstance(policy, AdminPolicy) else 0
        guard = " and deny without MFA" if self.setup.request.require_mfa else ""
        text = f"inline policy {INLINE_POLICY_NAME}: AdministratorAccess {version}{guard}"
        return Change("new", f"{text}, {used} of {INLINE_QUOTA} characters")

    def apply(self, context: StepContext) -> StepOutcome:
        """Put it, and read it back."""
        api, document = self.api(context), self._document()
        self.require_mine(api)
        there = self._read(api)
        if there is not None:
            if not same(there, document):
                context.unmanaged(self.id)
                raise _unmanaged(self.user_name)
            return StepOutcome(f"{INLINE_POLICY_NAME} is there already", unchanged=True)
        send_idempotent(
            context, PUT, "The inline policy", lambda: self._put(api), lambda: same(self._read(api) or {}, document)
        )
        return StepOutcome(INLINE_POLICY_NAME)

    def undo(self, context: StepContext) -> None:
        """Take the policy off our user."""
        api = self.api(context)
        names = {"user_name": self.user_name, "policy_name": INLINE_POLICY_NAME}
        with leaving(f"The inline policy of {show(self.user_name)}", iam("delete-user-policy", **names)):
            if not may_exist(context, PUT) or not self.still_there(api):
                return
            if self.id in context.run_log.unmanaged and self._read(api) is not None:
                raise _unmanaged(self.user_name)
            removed(
                context,
                "The removal",
                lambda: api.remove("iam:DeleteUserPolicy", UserName=self.user_name, PolicyName=INLINE_POLICY_NAME),
                lambda: self._read(api) is not None,
            )

    def find(self, context: StepContext) -> ObservedState:
        """The policy; what it says is compared where AdministratorAccess has been read."""
        api = self.api(context)

        def look() -> ObservedState:
            there = self._read(api)
            if there is None:
                return ObservedState(Observation.ABSENT)
            known = isinstance(self.setup.account.admin_policy, AdminPolicy)
            other = known and not same(there, self._document())
            return (
                ObservedState(Observation.FOREIGN, "it says something else")
                if other
                else ObservedState(Observation.THERE)
            )

        return self.find_on_user(api, look)

    def _document(self) -> dict[str, Any]:
        policy = self.setup.account.admin_policy
        if isinstance(policy, Problem):
            raise policy
        if policy is None:
            raise Problem(
                "AdministratorAccess has not been read.",
                why="The inline policy is AWS's own document, as the account has it now.",
                next="Assess the account again.",
            )
        return inline_document(policy, require_mfa=self.setup.request.require_mfa)

    def _read(self, api: Api) -> Mapping[str, Any] | None:
        answer = api.found("iam:GetUserPolicy", UserName=self.user_name, PolicyName=INLINE_POLICY_NAME)
        document = answer.get("PolicyDocument") if answer else None
        return document if isinstance(document, dict) else None

    def _put(self, api: Api) -> None:
        names: dict[str, Any] = {"UserName": self.user_name, "PolicyName": INLINE_POLICY_NAME}
        api.call(PUT, patience=NOT_YET, PolicyDocument=compact(self._document()), **names)


def _unmanaged(user_name: str) -> Problem:
    return Problem(
        f"{show(user_name)} already has an inline policy {INLINE_POLICY_NAME}, another one.",
        why="Somebody put it on the user while this run was at work; it was left as it is.",
        next="Find out who is changing this user, then start again.",
        kind=Kind.REFUSED,
        code="EntityAlreadyExists",
    )

"""The step ``create-user``: the user, under its path and with its tags, and nothing it could do yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import appears, wait_until_consistent
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.aws.steps.base import OWNERSHIP, TAKEN_OVER, AwsStep, not_ours
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Step, StepOutcome
from breakglass_tui.engine.step_context import StepContext

CREATE = "iam:CreateUser"
CONFLICT_ROUNDS = 4
CONFLICT_WAIT_S = 3.0


@dataclass(frozen=True)
class CreateUserStep(AwsStep):
    """``others`` are the steps that put things on the user: DeleteUser refuses until those are gone."""

    others: tuple[Step, ...] = ()
    id = "create-user"
    title = "Create user"
    actions = (CREATE, "iam:TagUser", *OWNERSHIP)
    undo_actions = (*OWNERSHIP, "iam:DeleteUser")

    @property
    def change(self) -> Change:
        """One user."""
        tags = len(self.tags())
        return Change("new", f"user {self.user_name} under {self.setup.request.path} with {tags} tags")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create it once, then wait until IAM has heard of it everywhere we ask."""
        api = self.api(context)
        user = (self._made_before(api) if context.resumed else None) or self._create(api)
        if not wait_until_consistent(context, lambda: self.mine(api) is not None):
            raise not_visible(f"The user {show(self.user_name)}")
        arn = str(user.get("Arn") or self.user_arn)
        return StepOutcome(arn, {"user_arn": arn, "user_id": str(user.get("UserId", ""))})

    def undo(self, context: StepContext) -> None:
        """Delete the user if this run made it."""
        api = self.api(context)
        with leaving(f"The user {show(self.user_name)}", iam("delete-user", user_name=self.user_name)):
            if not may_exist(context, CREATE) or appears(context, lambda: self._adopted(api)) is None:
                return
            self._refuse_with_foreign(context)
            self._delete(api)
            if not wait_until_consistent(context, lambda: self.mine(api) is None, good=2):
                raise not_visible("The removal")

    def find(self, context: StepContext) -> ObservedState:
        """The user, and whose it is."""
        api = self.api(context)
        user = self._user(api)
        if user is None:
            return ObservedState(Observation.ABSENT)
        arn = show(str(user.get("Arn", self.user_name)))
        try:
            return (
                ObservedState(Observation.THERE, arn)
                if self._made_here(api, user)
                else ObservedState(Observation.FOREIGN, arn)
            )
        except Problem as problem:
            if problem.code != TAKEN_OVER:
                raise
            return ObservedState(Observation.FOREIGN, problem.what)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """Create it. A name can be taken only once, so after a lost answer and a look it may be sent again."""
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: looking whether the user was made")
            return appears(api.context, lambda: self._adopted(api)) or self._create_once(api)

    def _create_once(self, api: Api) -> Mapping[str, Any]:
        request = self.setup.request
        try:
            return api.made(
                CREATE,
                "User",
                learn={"user_arn": "Arn", "user_id": "UserId"},
                UserName=self.user_name,
                Path=request.path,
                Tags=self.tags(),
            )
        except Problem as problem:
            if problem.code != "EntityAlreadyExists":
                raise
            if api.context.run_log.unanswered(CREATE) and (ours := appears(api.context, lambda: self._adopted(api))):
                return ours
            raise not_ours(self.user_name) from None

    def _adopted(self, api: Api) -> Mapping[str, Any] | None:
        """The user that a request whose answer was lost has made after all."""
        user = self.mine(api)
        if user is not None and not api.context.facts.get("user_id"):
            api.context.learned("user_id", str(user.get("UserId", "")))
            api.context.settled(CREATE, "carried out")
        return user

    def _made_before(self, api: Api) -> Mapping[str, Any] | None:
        """The user of an earlier process. Raises ``Problem`` if it was made, and somebody has deleted it since."""
        if api.context.facts.get("user_id"):
            return self.require_mine(api)
        return appears(api.context, lambda: self._adopted(api)) if may_exist(api.context, CREATE) else None

    def _refuse_with_foreign(self, context: StepContext) -> None:
        """Not every endpoint refuses to delete a user that still has something; what is another's goes down with it."""
        for step in self.others if context.run_log.unmanaged else ():
            if step.find(context).seen not in (Observation.ABSENT, Observation.UNKNOWN):
                raise Problem(
                    f"{step.title}: somebody else put it on the user, so the user stays.",
                    why=f"Seen while this run was at work: {show(', '.join(sorted(context.run_log.unmanaged)))}.",
                    next="Find out who; when it is gone, undo this run again.",
                    kind=Kind.REFUSED,
                    code="Foreign",
                )

    def _delete(self, api: Api) -> None:
        for rounds_left in range(CONFLICT_ROUNDS, -1, -1):
            try:
                api.remove("iam:DeleteUser", UserName=self.user_name)
            except Problem as problem:
                if problem.code != "DeleteConflict" or not rounds_left:
                    raise
                # A request whose answer was lost may have landed after its own step was undone.
                for other in reversed(self.others):
                    other.undo(api.context)
                api.context.wait(CONFLICT_WAIT_S)
            else:
                return

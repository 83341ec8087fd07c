"""The step ``create-user``: the user, under its path and with its tags, and nothing it could do yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.problems import outcome_unknown
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.aws.steps.assured import not_visible
from breakglass_tui.aws.steps.base import OWNERSHIP, AwsStep
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome, Step
from breakglass_tui.engine.turn import Turn

CONFLICT_ROUNDS = 4
CONFLICT_WAIT_S = 1.0


@dataclass(frozen=True)
class CreateUser(AwsStep):
    """``others`` are the steps that put things on the user: DeleteUser refuses until those are gone."""

    others: tuple[Step, ...] = ()
    id = "create-user"
    title = "Create user"
    actions = ("iam:CreateUser", "iam:TagUser", "iam:GetUser")
    undo_actions = (*OWNERSHIP, "iam:DeleteUser")

    @property
    def change(self) -> Change:
        """One user."""
        tags = len(self.tags())
        return Change("new", f"user {self.user_name} under {self.setup.request.path} with {tags} tags")

    def apply(self, turn: Turn) -> Outcome:
        """Create it once, then wait until IAM has heard of it everywhere we ask."""
        api = self.api(turn)
        user = self._create(api)
        if not settle(turn, lambda: api.found("iam:GetUser", UserName=self.user_name) is not None):
            raise not_visible(f"The user {show(self.user_name)}")
        arn = str(user.get("Arn") or self.user_arn)
        return Outcome(arn, {"user_arn": arn, "user_id": str(user.get("UserId", ""))})

    def undo(self, turn: Turn) -> None:
        """Delete the user if this run made it."""
        api = self.api(turn)
        with leaving(f"The user {show(self.user_name)}", iam("delete-user", user_name=self.user_name)):
            if self._still_there(api) is None:
                return
            self._delete(api)
            if not settle(turn, lambda: self.mine(api) is None, good=1):
                raise not_visible("The removal")

    def _create(self, api: Api) -> Mapping[str, Any]:
        request = self.setup.request
        try:
            with self.sending():
                made: Mapping[str, Any] = api.made(
                    "iam:CreateUser", "User", UserName=self.user_name, Path=request.path, Tags=self.tags()
                )
        except Problem as problem:
            if problem.code == "EntityAlreadyExists":
                raise _taken(self.user_name) from None
            if not outcome_unknown(problem):
                raise
            api.turn.note("the answer was lost: looking whether the user was made")
            found = appears(api.turn, lambda: self.mine(api))
            if found is None:
                raise
            self.doubt.exists = False
            return found
        return made

    def _still_there(self, api: Api) -> Mapping[str, Any] | None:
        if self.doubt.exists or api.turn.facts.get("user_id"):
            return appears(api.turn, lambda: self.mine(api))
        return self.mine(api)

    def _delete(self, api: Api) -> None:
        for rounds_left in range(CONFLICT_ROUNDS, -1, -1):
            try:
                api.remove("iam:DeleteUser", UserName=self.user_name)
            except Problem as problem:
                if problem.code != "DeleteConflict" or not rounds_left:
                    raise
                # A request whose answer was lost may have landed after its own step was undone.
                for other in reversed(self.others):
                    other.undo(api.turn)
                api.turn.wait(CONFLICT_WAIT_S)
            else:
                return


def _taken(user_name: str) -> Problem:
    return Problem(
        f"A user named {show(user_name)} exists already.",
        why="This run did not make it, so it was not touched. IAM holds names that differ only in case to be the same.",
        next="Choose another user name.",
        kind=Kind.REFUSED,
        code="EntityAlreadyExists",
    )

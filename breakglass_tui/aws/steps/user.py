"""The step ``create-user``: the user, under its path and with its tags, and nothing it could do yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.outcomes import outcome_unknown
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.aws.steps.assured import may_exist, not_visible
from breakglass_tui.aws.steps.base import OWNERSHIP, TAKEN_OVER, AwsStep, not_ours
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.sight import Seen, Sight
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome, Step
from breakglass_tui.engine.turn import Turn

CREATE = "iam:CreateUser"
CONFLICT_ROUNDS = 4
CONFLICT_WAIT_S = 3.0


@dataclass(frozen=True)
class CreateUser(AwsStep):
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

    def apply(self, turn: Turn) -> Outcome:
        """Create it once, then wait until IAM has heard of it everywhere we ask."""
        api = self.api(turn)
        user = (self._made_before(api) if turn.resumed else None) or self._create(api)
        if not settle(turn, lambda: self.mine(api) is not None):
            raise not_visible(f"The user {show(self.user_name)}")
        arn = str(user.get("Arn") or self.user_arn)
        return Outcome(arn, {"user_arn": arn, "user_id": str(user.get("UserId", ""))})

    def undo(self, turn: Turn) -> None:
        """Delete the user if this run made it."""
        api = self.api(turn)
        with leaving(f"The user {show(self.user_name)}", iam("delete-user", user_name=self.user_name)):
            if not may_exist(turn, CREATE) or appears(turn, lambda: self._adopted(api)) is None:
                return
            self._refuse_with_foreign(turn)
            self._delete(api)
            if not settle(turn, lambda: self.mine(api) is None, good=2):
                raise not_visible("The removal")

    def find(self, turn: Turn) -> Sight:
        """The user, and whose it is."""
        api = self.api(turn)
        user = self._user(api)
        if user is None:
            return Sight(Seen.ABSENT)
        arn = show(str(user.get("Arn", self.user_name)))
        try:
            return Sight(Seen.THERE, arn) if self._made_here(api, user) else Sight(Seen.FOREIGN, arn)
        except Problem as problem:
            if problem.code != TAKEN_OVER:
                raise
            return Sight(Seen.FOREIGN, problem.what)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """Create it. A name can be taken only once, so after a lost answer and a look it may be sent again."""
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.turn.note("the answer was lost: looking whether the user was made")
            return appears(api.turn, lambda: self._adopted(api)) or self._create_once(api)

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
            if api.turn.ledger.unanswered(CREATE) and (ours := appears(api.turn, lambda: self._adopted(api))):
                return ours
            raise not_ours(self.user_name) from None

    def _adopted(self, api: Api) -> Mapping[str, Any] | None:
        """The user that a request whose answer was lost has made after all."""
        user = self.mine(api)
        if user is not None and not api.turn.facts.get("user_id"):
            api.turn.learned("user_id", str(user.get("UserId", "")))
            api.turn.settled(CREATE, "carried out")
        return user

    def _made_before(self, api: Api) -> Mapping[str, Any] | None:
        """The user of an earlier process. Raises ``Problem`` if it was made, and somebody has deleted it since."""
        if api.turn.facts.get("user_id"):
            return self.require_mine(api)
        return appears(api.turn, lambda: self._adopted(api)) if may_exist(api.turn, CREATE) else None

    def _refuse_with_foreign(self, turn: Turn) -> None:
        """Not every endpoint refuses to delete a user that still has something; what is another's goes down with it."""
        for step in self.others if turn.ledger.foreign else ():
            if step.find(turn).seen not in (Seen.ABSENT, Seen.UNKNOWN):
                raise Problem(
                    f"{step.title}: somebody else put it on the user, so the user stays.",
                    why=f"Seen while this run was at work: {show(', '.join(sorted(turn.ledger.foreign)))}.",
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
                    other.undo(api.turn)
                api.turn.wait(CONFLICT_WAIT_S)
            else:
                return

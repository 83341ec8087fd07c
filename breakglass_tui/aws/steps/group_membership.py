"""The step ``group-membership``: the user joins groups that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, send_idempotent
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

ADD = "iam:AddUserToGroup"


@dataclass(frozen=True)
class GroupMembershipStep(AwsStep):
    """All groups of the request, one after the other."""

    id = "group-membership"
    actions = (ADD, "iam:ListGroupsForUser", "iam:GetGroup", *OWNERSHIP)
    undo_actions = (*OWNERSHIP, "iam:RemoveUserFromGroup")

    @property
    def title(self) -> str:
        """Names the groups."""
        return f"{self._noun.capitalize()} {self._names}"

    @property
    def change(self) -> Change:
        """A membership for each group."""
        return Change(
            "member", f"{self.user_name} joins {self._noun} {self._names}; what the group may do stays as it is"
        )

    @property
    def _noun(self) -> str:
        return "group" if len(self.setup.request.groups) == 1 else "groups"

    @property
    def _names(self) -> str:
        return ", ".join(show(name) for name in self.setup.request.groups)

    def apply(self, context: StepContext) -> StepOutcome:
        """Join each group, then read the memberships back."""
        api = self.api(context)
        self.require_mine(api)
        for group in self.setup.request.groups:
            self._join(api, group)
        return StepOutcome(f"member of {self._names}")

    def undo(self, context: StepContext) -> None:
        """Leave each group."""
        api = self.api(context)
        for group in self.setup.request.groups if may_exist(context, ADD) else ():
            names = {"user_name": self.user_name, "group_name": group}
            what = f"The membership of {show(self.user_name)} in {show(group)}"
            with leaving(what, iam("remove-user-from-group", **names)):
                if self.still_there(api):
                    api.remove("iam:RemoveUserFromGroup", UserName=self.user_name, GroupName=group)

    def find(self, context: StepContext) -> ObservedState:
        """The groups of the request that the user is in."""
        api, wanted = self.api(context), set(self.setup.request.groups)

        def look() -> ObservedState:
            missing = wanted - self._groups(api)
            if not missing:
                return ObservedState(Observation.THERE)
            return (
                ObservedState(Observation.ABSENT)
                if missing == wanted
                else ObservedState(Observation.PARTLY, f"not in {show(min(missing))}")
            )

        return self.find_on_user(api, look)

    def _join(self, api: Api, group: str) -> None:
        names: dict[str, Any] = {"UserName": self.user_name, "GroupName": group}

        def put() -> None:
            try:
                api.call(ADD, **names)
            except Problem as problem:
                if problem.code != "NoSuchEntity":
                    raise
                # AWS says the same of a missing group and of a user that is not visible yet.
                if api.found("iam:GetGroup", GroupName=group, MaxItems=1) is None:
                    raise _vanished(group) from None
                api.call(ADD, patience=("NoSuchEntity",), **names)

        send_idempotent(api.context, ADD, f"The membership in {show(group)}", put, lambda: group in self._groups(api))

    def _groups(self, api: Api) -> set[str]:
        groups = api.pages("iam:ListGroupsForUser", "Groups", patience=NOT_YET, UserName=self.user_name)
        return {str(item["GroupName"]) for item in groups}


def _vanished(group: str) -> Problem:
    return Problem(
        f"The group {show(group)} does not exist any more.",
        why="It was there when the account was assessed, or it was typed, and AWS does not find it now.",
        next="Choose another group, or have it made again; then start anew.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )

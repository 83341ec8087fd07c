"""The step ``group-membership``: the user joins groups that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.steps.assured import assured, may_exist
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.sight import Seen, Sight
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome
from breakglass_tui.engine.turn import Turn

ADD = "iam:AddUserToGroup"


@dataclass(frozen=True)
class GroupMembership(AwsStep):
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

    def apply(self, turn: Turn) -> Outcome:
        """Join each group, then read the memberships back."""
        api = self.api(turn)
        self.require_mine(api)
        for group in self.setup.request.groups:
            self._join(api, group)
        return Outcome(f"member of {self._names}")

    def undo(self, turn: Turn) -> None:
        """Leave each group."""
        api = self.api(turn)
        for group in self.setup.request.groups if may_exist(turn, ADD) else ():
            names = {"user_name": self.user_name, "group_name": group}
            what = f"The membership of {show(self.user_name)} in {show(group)}"
            with leaving(what, iam("remove-user-from-group", **names)):
                if self.left_to_undo(api):
                    api.remove("iam:RemoveUserFromGroup", UserName=self.user_name, GroupName=group)

    def find(self, turn: Turn) -> Sight:
        """The groups of the request that the user is in."""
        api, wanted = self.api(turn), set(self.setup.request.groups)

        def look() -> Sight:
            missing = wanted - self._groups(api)
            if not missing:
                return Sight(Seen.THERE)
            return Sight(Seen.ABSENT) if missing == wanted else Sight(Seen.PARTLY, f"not in {show(min(missing))}")

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

        assured(api.turn, ADD, f"The membership in {show(group)}", put, lambda: group in self._groups(api))

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

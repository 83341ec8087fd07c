"""The step ``group-membership``: the user is added to existing groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, send_idempotent
from breakglass_tui.aws.steps.own_user import LAG_S, NOT_VISIBLE_YET, OWNERSHIP_READS, other_user_problem
from breakglass_tui.aws.steps.removal_commands import removal_problem
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

ADD = "iam:AddUserToGroup"


@dataclass(frozen=True)
class GroupMembershipStep(AwsStep):
    """The step that calls AddUserToGroup for each group of the request, one after the other."""

    id = "group-membership"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply``, with their resources."""
        return (
            *self.scope.groups(ADD),
            *self.scope.user("iam:ListGroupsForUser"),
            *self.scope.groups("iam:GetGroup"),
            *self.scope.user(*OWNERSHIP_READS),
        )

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return (
            *self.scope.user("iam:ListGroupsForUser", *OWNERSHIP_READS),
            *self.scope.groups("iam:RemoveUserFromGroup"),
        )

    @property
    def title(self) -> str:
        """The title of the step, with the names of the groups."""
        return f"{self._noun.capitalize()} {self._names}"

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: the memberships in the groups."""
        return Change(
            "member", f"{self.user_name} joins {self._noun} {self._names} (permissions of the {self._noun} unchanged)"
        )

    @property
    def _noun(self) -> str:
        return "group" if len(self.setup.request.groups) == 1 else "groups"

    @property
    def _names(self) -> str:
        return ", ".join(show(name) for name in self.setup.request.groups)

    def apply(self, context: StepContext) -> StepOutcome:
        """Add the user to each group and wait until AWS shows each membership. Raises ``Problem``."""
        api = self.api(context)
        self.require_own_user(api)
        for group in self.setup.request.groups:
            self._join(api, group)
        return StepOutcome(f"member of {self._names}")

    def undo(self, context: StepContext) -> None:
        """Remove the user from each group. If AWS refuses one removal, the others are still made.

        Raises ``Problem`` with the removal commands for the memberships that are left.
        """
        api, groups = self.api(context), self.setup.request.groups if may_exist(context, ADD) else ()
        failed: dict[str, Problem] = {}
        for number, group in enumerate(groups):
            try:
                if self.wait_for_own_user(api):
                    api.remove("iam:RemoveUserFromGroup", UserName=self.user_name, GroupName=group)
                elif self.find_other_user(api, ADD) and group in self._groups(api):
                    failed[group] = other_user_problem(self.user_name)
            except Problem as problem:
                failed[group] = problem
                if problem.kind is not Kind.REFUSED:  # AWS does not answer, so the other groups are not tried
                    failed |= dict.fromkeys(groups[number:], problem)
                    break
        if failed:
            what = f"The membership of {show(self.user_name)} in {', '.join(map(show, failed))}"
            raise removal_problem(what, next(iter(failed.values())), map(self._removal_command, failed))

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - as of the base class
        """Return one shell command for each group, which removes the user from it."""
        return tuple(map(self._removal_command, self.setup.request.groups))

    def _removal_command(self, group: str) -> str:
        return self.iam_command("remove-user-from-group", user_name=self.user_name, group_name=group)

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the user is a member of all, some or none of the groups."""
        api, wanted = self.api(context), set(self.setup.request.groups)

        def observe() -> ObservedState:
            missing = wanted - self._groups(api)
            if not missing:
                return ObservedState(Observation.THERE)
            return (
                ObservedState(Observation.ABSENT)
                if missing == wanted
                else ObservedState(Observation.PARTLY, f"not in {show(min(missing))}")
            )

        return self.observe_on_own_user(api, observe)

    def _join(self, api: Api, group: str) -> None:
        names: dict[str, Any] = {"UserName": self.user_name, "GroupName": group}

        def put() -> None:
            try:
                api.call(ADD, **names)
            except Problem as problem:
                if problem.code != "NoSuchEntity":
                    raise
                # AWS reports the same for a missing group and for a user that is not visible yet.
                if api.find("iam:GetGroup", GroupName=group, MaxItems=1) is None:
                    raise _missing(group) from None
                self.call_on_own_user(api, lambda: api.call(ADD, retry_on=NOT_VISIBLE_YET, retry_for_s=LAG_S, **names))

        send_idempotent(
            api.context,
            ADD,
            f"The membership in {show(group)}",
            put,
            lambda: self.is_granted(api, lambda branch: group in self._groups(branch)),
        )

    def _groups(self, api: Api) -> set[str]:
        reading: dict[str, Any] = {"retry_on": NOT_VISIBLE_YET, "retry_for_s": LAG_S, "UserName": self.user_name}
        groups = self.call_on_own_user(api, lambda: list(api.paginate("iam:ListGroupsForUser", "Groups", **reading)))
        return {str(item["GroupName"]) for item in groups}


def _missing(group: str) -> Problem:
    return Problem(
        f"The group {show(group)} no longer exists.",
        why="It was in the assessment or was typed, and AWS does not find it now.",
        next="Choose another group, or have it created again. Then start again.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )

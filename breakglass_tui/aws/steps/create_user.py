"""The step ``create-user``: the user with its path and tags, and without any permission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import LATE_ARRIVAL_S, wait_for, wait_until_consistent, wait_until_replicas_agree
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible_problem
from breakglass_tui.aws.steps.own_user import OWNERSHIP_READS, TAG_LOST, user_exists_problem
from breakglass_tui.aws.steps.removal_commands import removal_problem
from breakglass_tui.aws.steps.user_resources import commands_for_user_resources
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.own_tags import OWN_TAGS
from breakglass_tui.domain.ownership import tag_count
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Step, StepOutcome
from breakglass_tui.engine.step_context import StepContext

CREATE = "iam:CreateUser"
CONFLICT_ROUNDS = 4
CONFLICT_WAIT_S = 3.0
REMOVES_ALL = "The commands remove everything on this user. First check that no one needs it."


class UserResourceStep(Step, Protocol):
    """A step that adds a resource to the user."""

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:
        """Return the shell commands that remove what this step may have created."""
        ...


@dataclass(frozen=True)
class CreateUserStep(AwsStep):
    """The step that calls CreateUser. ``others`` are the steps that add resources to the user.

    Its undo calls DeleteUser, which AWS refuses until those resources are removed.
    """

    others: tuple[UserResourceStep, ...] = ()
    id = "create-user"
    title = "Create user"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply``, with their resources."""
        return tuple(self.scope.user(CREATE, "iam:TagUser", *OWNERSHIP_READS))

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return tuple(self.scope.user(*OWNERSHIP_READS, "iam:DeleteUser"))

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new user."""
        tags = tag_count(len(OWN_TAGS), len(self.setup.request.tags))
        return Change("new", f"user {self.user_name} under {self.setup.request.path} with {tags}")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create the user once, then wait until IAM shows it in several reads in a row. Raises ``Problem``."""
        api = self.api(context)
        user = (self._find_earlier(api) if context.resumed else None) or self._create(api)
        if not wait_until_replicas_agree(api, lambda branch: self.find_own_user(branch) is not None):
            raise not_visible_problem(f"The user {show(self.user_name)}")
        arn = str(user.get("Arn") or self.user_arn)
        return StepOutcome(arn, {"user_arn": arn, "user_id": str(user.get("UserId", ""))})

    def undo(self, context: StepContext) -> None:
        """Delete the user if this run created it. Raises ``Problem`` with the removal commands if that fails."""
        api = self.api(context)
        try:
            within_s = 0.0 if context.run_log.user_absent else LATE_ARRIVAL_S
            if not may_exist(context, CREATE) or not wait_for(
                context, lambda: self._find_created(api), within_s=within_s
            ):
                return
            self._refuse_if_unmanaged(context)
            self._delete(api)
            if not wait_until_consistent(context, lambda: self.find_own_user(api) is None, good_reads=2):
                raise not_visible_problem("The removal")
        except Problem as problem:
            raise self._not_removed(api, problem) from None

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the user exists and whether this run created it."""
        api = self.api(context)
        user = self._user(api)
        if user is None:
            return ObservedState(Observation.ABSENT)
        arn = show(str(user.get("Arn", self.user_name)))
        try:
            return (
                ObservedState(Observation.THERE, arn)
                if self._is_own(api, user)
                else ObservedState(Observation.UNMANAGED, arn)
            )
        except Problem as problem:
            if problem.code != TAG_LOST:
                raise
            return ObservedState(Observation.UNMANAGED, problem.what)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """Create the user and return it. Raises ``Problem``.

        After a lost answer AWS is read first. The request may then be repeated, because user names are unique.
        """
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: checking whether the user was created")
            return wait_for(api.context, lambda: self._find_created(api)) or self._create_once(api)

    def _create_once(self, api: Api) -> Mapping[str, Any]:
        request = self.setup.request
        try:
            return api.call_part(
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
            lost = api.context.run_log.unanswered(CREATE)
            if lost and (own := wait_for(api.context, lambda: self._find_created(api))):
                return own
            raise user_exists_problem(self.user_name) from None

    def _find_created(self, api: Api) -> Mapping[str, Any] | None:
        """Return the user if this run created it, else None.

        If its id is not recorded yet, the answer of CreateUser was lost, and the id is recorded now.
        """
        user = self.find_own_user(api)
        if user is not None and not api.context.facts.get("user_id"):
            api.context.fact_learned("user_id", str(user.get("UserId", "")))
            api.context.call_settled(CREATE, "applied")
        return user

    def _find_earlier(self, api: Api) -> Mapping[str, Any] | None:
        """Return the user that an earlier process of this run created, or None if it created none.

        Raises ``Problem`` if that user was deleted since.
        """
        if api.context.facts.get("user_id"):
            return self.require_own_user(api)
        return wait_for(api.context, lambda: self._find_created(api)) if may_exist(api.context, CREATE) else None

    def _refuse_if_unmanaged(self, context: StepContext) -> None:
        """Raise ``Problem`` if the user has a resource that this run did not create.

        Some endpoints would delete that resource together with the user.
        """
        for step in self.others if context.run_log.unmanaged else ():
            if step.find(context).observation not in (Observation.ABSENT, Observation.UNKNOWN):
                raise Problem(
                    f"The user {show(self.user_name)} has a resource that this run did not create ({step.title}).",
                    why=f"This run found: {show(', '.join(sorted(context.run_log.unmanaged)))}.",
                    next="Find out who created it. After it is removed, undo this run again.",
                    kind=Kind.REFUSED,
                    code="Foreign",
                )

    def _not_removed(self, api: Api, problem: Problem) -> Problem:
        """Return the problem that the user was not removed. Its commands remove the user's resources, then the user."""
        own = {step.id: step.removal_commands(api.context) for step in self.others}
        remaining = {step.id for step in api.context.run_log.record.may_exist}
        known = {id: commands for id, commands in own.items() if id in remaining}
        commands = commands_for_user_resources(api, self.user_name, self.iam_command, known, problem)
        note = "" if {*commands} <= {command for some in own.values() for command in some} else REMOVES_ALL
        delete = self.iam_command("delete-user", user_name=self.user_name)
        return removal_problem(f"The user {show(self.user_name)}", problem, [*commands, delete], note=note)

    def _delete(self, api: Api) -> None:
        for rounds_left in range(CONFLICT_ROUNDS, -1, -1):
            try:
                api.remove("iam:DeleteUser", UserName=self.user_name)
            except Problem as problem:
                if problem.code != "DeleteConflict" or not rounds_left:
                    raise
                # A request whose answer was lost may have arrived after the undo of its step.
                for other in reversed(self.others):
                    other.undo(api.context)
                api.context.wait(CONFLICT_WAIT_S)
            else:
                return

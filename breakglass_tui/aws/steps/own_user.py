"""``OwnUser``, the base of the steps: the user that the run created, and other users of the same name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from breakglass_tui.aws.api import RETRY_WINDOW_S, Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import INTERVAL_S, wait_for
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.own_tags import RUN_TAG
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

NOT_VISIBLE_YET = frozenset({"NoSuchEntity"})
"""The error code of an IAM replica that does not have the new user yet."""
OWNERSHIP_READS = ("iam:GetUser", "iam:ListUserTags")
"""The actions that read whether this run created the user. Every removal reads this first."""
TAG_LOST = "TakenOver"
"""The code of the ``Problem`` for a user that no longer has the tag of this run."""
LAG_S = 5.0
"""How many seconds a call is repeated while an IAM replica does not have the user. Then the user itself is read."""
ABSENT_AFTER_S = 10.0
"""How many seconds a user whose id is recorded must be absent before a step fails. CreateUser waited until several
reads in a row had it."""
OWN_WITHIN = timedelta(minutes=15)
"""What was created later than this after a request of the run was not created by that request.

Clocks may differ by some minutes.
"""
GONE_AFTER_S = 5.0
"""How many seconds the user of this run must be absent before it counts as deleted, together with its resources."""

T = TypeVar("T")


@dataclass(frozen=True)
class OwnUser:
    """The user of ``setup``, read with ``clients``. Each write to the user verifies that this run created it."""

    clients: Clients = field(repr=False)
    setup: Setup = field(repr=False)

    @property
    def user_name(self) -> str:
        """The name of the user that the run creates."""
        return self.setup.request.user_name

    def api(self, context: StepContext) -> Api:
        """Return the ``Api`` for the AWS calls of this step."""
        account_id = self.setup.account.caller.account_id
        return Api(self.clients, context, region=self.setup.request.region, account_id=account_id)

    def find_own_user(self, api: Api) -> Mapping[str, Any] | None:
        """Return the user if this run created it, or None if it does not exist or another run or caller created it.

        Raises ``Problem`` if the user has the recorded id, but no longer the tag of this run.
        """
        user = self._user(api)
        return user if user and self._is_own(api, user) else None

    def wait_for_own_user(self, api: Api) -> Mapping[str, Any] | None:
        """Return the user of this run, to be read before a removal, or None if it does not exist.

        IAM is eventually consistent, so the read is repeated for ``GONE_AFTER_S`` if the id of the user is recorded.
        One step waits for all.
        """
        run_log = api.context.run_log
        recorded = "user_id" in api.context.facts and not run_log.user_absent
        user = wait_for(api.context, lambda: self.find_own_user(api), within_s=GONE_AFTER_S if recorded else 0.0)
        run_log.user_absent = run_log.user_absent or (recorded and user is None)
        return user

    def require_own_user(self, api: Api) -> Mapping[str, Any]:
        """Return the user of this run, to be read before a write.

        Raises ``Problem`` if this run did not create the user, or if it is not found within ``ABSENT_AFTER_S``.
        """
        started_at = api.context.clock.ticks()
        while (user := self._user(api)) is None:
            if api.context.clock.ticks() - started_at >= ABSENT_AFTER_S:
                raise _gone(self.user_name)
            api.context.wait(INTERVAL_S)
        if not self._is_own(api, user):
            raise user_exists_problem(self.user_name)
        return user

    def call_on_own_user(self, api: Api, call: Callable[[], T]) -> T:
        """Return the result of ``call``, which may find no user on an IAM replica and is then repeated.

        Raises ``Problem`` if the user was deleted, or if another user has its name now.
        """
        started_at = api.context.clock.ticks()
        while True:
            try:
                return call()
            except Problem as problem:
                if problem.code not in NOT_VISIBLE_YET or api.context.clock.ticks() - started_at >= RETRY_WINDOW_S:
                    raise
            self.require_own_user(api)

    def is_applied(self, api: Api, found: object) -> bool:
        """Return whether ``found``, a read of what the run wrote to the user, is true.

        Raises ``Problem`` if it is not, because the user was deleted, or because another user has its name now.
        """
        if not found:
            self.require_own_user(api)
        return bool(found)

    def is_granted(self, api: Api, read: Callable[[Api], object]) -> bool:
        """Return whether ``read``, of a permission that the run wrote to the user, is true. It reads the user too.

        Raises ``Problem`` if the user was deleted, or if another user has its name now: another admin may have replaced
        the user while the request was under way.
        """
        found, _ = read_in_parallel(api, read, self.require_own_user)
        return bool(found)

    def find_other_user(self, api: Api, action: str) -> Mapping[str, Any] | None:
        """Return the user that another admin created in place of this run's user, or None.

        The result is None, too, if it was created so late that no request of ``action`` of this run reached it.
        """
        user, sent = self._user(api), api.context.run_log.sent(action)
        if user is None or sent is None or self._is_own(api, user):
            return None
        created = user.get("CreateDate")
        return None if isinstance(created, datetime) and created - sent > OWN_WITHIN else user

    def observe_on_own_user(self, api: Api, observe: Callable[[], ObservedState]) -> ObservedState:
        """Return the result of ``observe``, or ABSENT if the user of this run does not exist."""
        user = self._user(api)
        if user is None:
            return ObservedState(Observation.ABSENT, "the user does not exist")
        if not self._is_own(api, user):
            return ObservedState(Observation.ABSENT, "the user of this name was not created by this run")
        return observe()

    def _user(self, api: Api) -> dict[str, Any] | None:
        answer = api.find("iam:GetUser", UserName=self.user_name)
        return answer["User"] if answer else None

    def _is_own(self, api: Api, user: Mapping[str, Any]) -> bool:
        user_id = api.context.facts.get("user_id", "")
        if user_id and user.get("UserId") != user_id:
            return False
        if self._run_tag(api, user) == self.setup.run_id:
            return True
        if user_id:
            raise _tag_lost(self.user_name)
        return False

    def _run_tag(self, api: Api, user: Mapping[str, Any]) -> str:
        # Some endpoints omit the tags in GetUser.
        tags = user.get("Tags") or api.paginate("iam:ListUserTags", "Tags", UserName=self.user_name)
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == RUN_TAG), "")


def user_exists_problem(user_name: str) -> Problem:
    """Return the problem that another run or caller created the user of this name."""
    return Problem(
        f"A user named {show(user_name)} exists that this run did not create.",
        why="This run did not change it. IAM user names are case-insensitive.",
        next="Choose another user name.",
        kind=Kind.REFUSED,
        code="EntityAlreadyExists",
    )


def other_user_problem(user_name: str) -> Problem:
    """Return the problem that a write of this run may have reached another user of this name."""
    return Problem(
        f"Another admin replaced the user {show(user_name)} by another user of this name during the run.",
        why="What this run wrote to that user may be theirs.",
        next="Find out who did that (CloudTrail events DeleteUser and CreateUser).",
        kind=Kind.REFUSED,
        code="Foreign",
    )


def _gone(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)}, which this run created, no longer exists.",
        why="AWS has not found it for some seconds. It was probably deleted.",
        next="Find out who deleted it (CloudTrail event DeleteUser). Then start again.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )


def _tag_lost(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} no longer has the tag of this run.",
        why=f"The tag {RUN_TAG} was changed or removed after this run created the user.",
        next="Find out who did that (CloudTrail events TagUser and UntagUser). This run changes nothing on this user.",
        kind=Kind.REFUSED,
        code=TAG_LOST,
    )

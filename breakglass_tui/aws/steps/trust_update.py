"""One change of a role's trust policy that keeps what other admins change at the same time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from types import TracebackType
from typing import Any, Self

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import Trust, statements_of

UPDATE = "iam:UpdateAssumeRolePolicy"
WATCH_INTERVAL_S = 0.1
"""The number of seconds between two reads of the policy while an update is in flight."""


class TrustUpdate:
    """Changes the trust policy of a role with ``change``, which returns the changed copy of a policy.

    UpdateAssumeRolePolicy replaces the whole policy, and IAM has no conditional write. So the policy is read right
    before an update and while it is in flight. ``restore`` writes a change of another admin again that the update
    overwrote. ``command`` makes AWS CLI command lines of the iam service. As a context manager it ends these reads.
    """

    def __init__(
        self, api: Api, role_name: str, change: Callable[[Trust], dict[str, Any]], command: Callable[..., str]
    ) -> None:
        self._api = api
        self._role_name = role_name
        self._change = change
        self._command = command
        self._before: list[Trust] = []
        self._sent: list[Trust] = []
        self._overwritten: dict[str, Any] | None = None
        self._threads = ThreadPoolExecutor(1, "trust-watch")
        self._watching: Future[None] | None = None

    def read(self) -> dict[str, Any]:
        """Return the trust policy, or {} if the role does not exist. Raises ``Problem``."""
        answer = self._api.find("iam:GetRole", RoleName=self._role_name)
        return trust_of(answer["Role"]) if answer else {}

    def send(self, before: Trust) -> None:
        """Change ``before``, which was read a moment ago, and send the result. Raises ``Problem``."""
        after = self._change(before)
        self._before.append(before)
        self._sent.append(after)
        with self._watch():
            self._update(after)

    def require_not_replaced(self, trust: Trust) -> None:
        """Raise ``Problem`` if ``trust``, which does not have the change, is neither an earlier nor a sent policy.

        Then another admin replaced the policy after this run sent it.
        """
        if self._sent and trust not in (*self._before, *self._sent):
            raise changed_problem(self._role_name)

    def restore(self) -> None:
        """Put back the change of another admin that an update of this run replaced. Raises ``Problem``."""
        if self._watching is not None:
            wait([self._watching])
        theirs = self._overwritten
        if theirs is None or self.read() not in self._sent:
            return
        before = statements_of(self._before[-1])
        text = ", ".join(json.dumps(one) for one in statements_of(theirs) if one not in before)
        self._api.context.note(
            f"another admin changed the trust policy of role {show(self._role_name)} at the same time: "
            f"their change is put back: {show(text, 4096) or 'statements removed'}"
        )
        try:
            self._update(self._change(theirs))
        except Problem as problem:
            document = json.dumps(theirs)
            command = self._command("update-assume-role-policy", role_name=self._role_name, policy_document=document)
            raise _not_restored(self._role_name, problem, command) from None

    def _update(self, trust: Trust) -> None:
        self._api.call(UPDATE, RoleName=self._role_name, PolicyDocument=json.dumps(trust, separators=(",", ":")))

    @contextmanager
    def _watch(self) -> Iterator[None]:
        """Read the policy in a second thread during the context, and record one that another admin wrote.

        The last read may end after the context.
        """
        ended, reader = Event(), TrustUpdate(self._api.branch(), self._role_name, self._change, self._command)

        def watch() -> None:
            while not ended.wait(WATCH_INTERVAL_S):
                trust = reader.read()
                if trust and trust not in (*self._before, *self._sent):
                    self._overwritten = trust

        # A failed read ends the watch, and the update decides about the run.
        self._watching = self._threads.submit(watch)
        try:
            yield
        finally:
            ended.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True)


def changed_problem(role_name: str) -> Problem:
    """Return the problem that another admin changed the trust policy of the role ``role_name`` after the review."""
    return Problem(
        f"The trust policy of role {show(role_name)} has changed since the review.",
        why="The result would differ from the diff that was reviewed.",
        next="Assess the account again and review the new diff.",
        kind=Kind.REFUSED,
        code="Changed",
    )


def _not_restored(role_name: str, problem: Problem, command: str) -> Problem:
    return Problem(
        f"The change of another admin to the trust policy of role {show(role_name)} was overwritten.",
        why=f"Both wrote at the same time, and this run could not put their change back. {problem.what}",
        next=command,
        kind=Kind.REFUSED,
        code="Overwritten",
    )

"""Renewal of expired credentials during a run: it asks the operator once, and accepts only the same account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import boto3

from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext, Stopped

POLL_S = 0.1
"""The interval in seconds at which a waiting step checks whether the run was stopped."""

FROM_ENVIRONMENT = (
    "The credentials came from environment variables, which cannot change while this program runs. Stop the run and "
    "keep the resources created. Then export new credentials and resume the run."
)
GIVEN = (
    "The credentials were passed to this program at its start and cannot change while it runs. Stop the run, keep the "
    "resources created, and resume the run with new credentials."
)
FROM_ELSEWHERE = (
    "Run aws sso login or aws login in another terminal, or write new credentials to the credentials file. Then the "
    "run continues."
)
_HELP = {"env": FROM_ENVIRONMENT, "explicit": GIVEN}


@dataclass(frozen=True)
class Renewal:
    """The renewal of expired credentials for the calls of one step.

    The new credentials must belong to ``account_id``. ``identify`` returns the account id of the credentials of
    clients.
    """

    clients: Clients
    context: StepContext
    account_id: str
    identify: Callable[[Clients], str]

    @property
    def reload_session(self) -> Callable[[], boto3.Session] | None:
        """The function that reads new credentials, or None if they cannot be renewed.

        Renewal needs a source of credentials, an account id, and an operator to ask.
        """
        return self.clients.reload_session if self.account_id and self.context.can_ask else None

    @property
    def generation(self) -> int:
        """The number of renewals of ``clients`` so far, by any step. 0 if the credentials cannot be renewed."""
        return self.clients.generation if self.reload_session else 0

    def renew(self, problem: Problem, generation: int) -> None:
        """Wait until the credentials that failed with ``problem`` have been replaced.

        ``generation`` is that of the failed call. One step asks the operator for all steps, and the others wait. Raises
        ``Stopped`` if the run is stopped instead, and ``problem`` if the credentials cannot be renewed.
        """
        if self.reload_session is None:
            raise problem
        while not self.clients.renewal_lock.acquire(timeout=POLL_S):
            if self.context.stopping:
                raise Stopped
        try:
            if self.clients.generation == generation:
                self._ask(problem, self.reload_session)
        finally:
            self.clients.renewal_lock.release()

    def _ask(self, problem: Problem, reload_session: Callable[[], boto3.Session]) -> None:
        why = _sentences(problem.what, problem.why, _HELP.get(self.clients.source(), FROM_ELSEWHERE))
        refused = ""
        while True:
            self.context.ask(SignIn(self.account_id, why, refused))
            self.context.note("reading new credentials")
            try:
                session = reload_session()
                found = self.identify(self.clients.with_session(session))
            except Problem as still:
                refused = _sentences(still.what, still.why)
                continue
            if found == self.account_id:
                self.clients.use_session(session)
                return
            refused = (
                f"These credentials belong to account {show(found)}. This run needs credentials of account "
                f"{show(self.account_id)}."
            )


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)

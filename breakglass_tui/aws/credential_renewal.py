"""New credentials in mid-run: asked for once, taken only if they are of the same account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import boto3

from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext, Stopped

LOOK_S = 0.1
"""How often a step that waits for another's question looks whether the run is stopped."""

FROM_ENVIRONMENT = (
    "The credentials came from environment variables, which cannot change under a running program: stop this run and "
    "keep what was made, export new ones, then resume the run."
)
GIVEN = (
    "The credentials were given to this program at its start and cannot change while it runs: stop, keep, and resume."
)
FROM_ELSEWHERE = (
    "Sign in again in another terminal, for example with aws sso login or aws login, or write new ones to the "
    "credentials file; the run then goes on where it is."
)
_HELP = {"env": FROM_ENVIRONMENT, "explicit": GIVEN}


@dataclass(frozen=True)
class Renewal:
    """How one step's calls get new credentials of ``account_id``; ``identify`` asks AWS whose some clients have."""

    clients: Clients
    context: StepContext
    account_id: str
    identify: Callable[[Clients], str]

    @property
    def look_again(self) -> Callable[[], boto3.Session] | None:
        """Where new credentials come from; None if there is no way to them, or nobody to ask for them."""
        return self.clients.look_again if self.account_id and self.context.asks else None

    @property
    def generation(self) -> int:
        """Counts the renewals of the clients so far, of any step."""
        return self.clients.generation if self.look_again else 0

    def after(self, problem: Problem, generation: int) -> None:
        """Return when there are other credentials than those of ``generation``, which met ``problem``.

        One step asks for all: the others wait for what comes of it. Raises ``Stopped`` when the run is stopped
        instead, and ``problem`` if nothing can be renewed.
        """
        if self.look_again is None:
            raise problem
        while not self.clients.renewing.acquire(timeout=LOOK_S):
            if self.context.stopping:
                raise Stopped
        try:
            if self.clients.generation == generation:
                self._ask(problem, self.look_again)
        finally:
            self.clients.renewing.release()

    def _ask(self, problem: Problem, look_again: Callable[[], boto3.Session]) -> None:
        why = _sentences(problem.what, problem.why, _HELP.get(self.clients.source(), FROM_ELSEWHERE))
        refused = ""
        while True:
            self.context.ask(SignIn(self.account_id, why, refused))
            self.context.note("looking for new credentials")
            try:
                session = look_again()
                found = self.identify(self.clients.with_session(session))
            except Problem as still:
                refused = _sentences(still.what, still.why)
                continue
            if found == self.account_id:
                self.clients.take(session)
                return
            refused = (
                f"These credentials belong to account {show(found)}; this run is in account {show(self.account_id)} "
                "and goes on only there."
            )


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)

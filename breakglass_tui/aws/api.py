"""Api: calls AWS by the action's own name, tells each call, and turns every failure into a Problem."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from breakglass_tui.aws.api_problems import lost_answer, problem_of, request_id_of, retries_of
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.credential_renewal import Renewal
from breakglass_tui.aws.error_classes import ABSENT, BUSY, LOST, ErrorClass, code_of, error_class, outcome_unknown
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.events import CallSource, Event
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext

READS = ("Get", "List", "Describe", "Simulate", "Test", "Encrypt", "Decrypt", "AssumeRole")
"""Operations that change nothing in AWS: botocore may send these again by itself."""
USES_A_CODE = "sts:GetSessionToken"
"""Sent once although it changes nothing: AWS takes each code of an MFA device only once."""

BUSY_S = 120.0
REMOVAL_TRIES = 3

TRIES = {ErrorClass.AGAIN: 6, ErrorClass.UNSENT: 4, ErrorClass.UNKNOWN: 3}
"""How often a request is sent in all that AWS refused for now, that never left this machine, or, if it only reads,
that was answered by something that is no answer of AWS."""
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 8.0
PATIENCE_S = 60.0
PATIENT_DELAY_S = 1.0
RENEWALS = 3
"""How often one call may have the credentials renewed: those of a Region that is not enabled never get better."""


class Api:
    """The calls of one step or check. Every call blocks at most its time-outs and raises ``Problem``.

    With ``account_id``, and somebody to ask, credentials that are used up are renewed in mid-call, for that account.
    """

    def __init__(self, clients: Clients, context: StepContext, *, region: str = "", account_id: str = "") -> None:
        self.context = context
        self._clients = clients
        self._region = region
        self._account_id = account_id
        self._renewal = Renewal(clients, context, account_id, self._identify)

    def in_region(self, region: str) -> Api:
        """The same calls in another Region, told to the same turn."""
        return Api(self._clients, self.context, region=region, account_id=self._account_id)

    def call(
        self,
        action: str,
        *,
        fields: Collection[str] = (),
        patience: Collection[str] = (),
        patience_s: float | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Call ``action``, as ``iam:CreateUser``, and return its answer.

        ``patience`` names error codes that only mean that an earlier write is not visible yet; they are waited
        out for ``patience_s`` seconds, a minute if not given. Refusals that say nothing was done are repeated a
        few times with growing pauses, and so are writes that never left this machine. An answer without ``fields``
        counts as lost: botocore takes one that was cut short for an empty one.
        """

        def taken(answer: dict[str, Any]) -> dict[str, Any]:
            _require(action, answer, fields)
            return answer

        return self._call(action, parameters, patience, patience_s, taken)

    def made(
        self,
        action: str,
        part: str,
        *,
        fields: Collection[str] = (),
        learn: Mapping[str, str] | None = None,
        patience: Collection[str] = (),
        patience_s: float | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """``part`` of the answer; an answer without it or its ``fields`` counts as lost: it may come from a proxy.

        ``learn`` maps facts to fields that hold them: they are recorded before the call counts as answered.
        """

        def taken(answer: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = answer.get(part) or {}
            for fact, name in (learn or {}).items():
                if found.get(name):
                    self.context.learned(fact, str(found[name]))
            _require(action, answer, (part,))
            _require(action, found, fields)
            return found

        return self._call(action, parameters, patience, patience_s, taken)

    def _call(
        self,
        action: str,
        parameters: dict[str, Any],
        patience: Collection[str],
        patience_s: float | None,
        taken: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> dict[str, Any]:
        for renewals_left in range(RENEWALS, -1, -1):
            generation = self._renewal.generation
            until = self.context.clock.ticks() + (PATIENCE_S if patience_s is None else patience_s)
            try:
                return self._until_answered(action, parameters, _Patience(patience, until), taken)
            except Problem as problem:
                if problem.kind is not Kind.CREDENTIALS or not renewals_left:
                    raise
                self._renewal.after(problem, generation)
        raise AssertionError("the last round returns or raises")

    def _until_answered(
        self,
        action: str,
        parameters: dict[str, Any],
        patient: _Patience,
        taken: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> dict[str, Any]:
        attempt = 0
        while True:
            attempt += 1
            self.context.call_started(action, attempt)
            sent = self.context.clock.ticks()
            try:
                answer = self._send(action, parameters)
                result = taken(answer)
            except Exception as error:  # noqa: BLE001 - botocore raises far more than its own base classes
                code, fate = code_of(error), error_class(error, action)
                delay = patient.pause(code, self.context.clock.ticks()) or _pause(error, fate, action, attempt)
                if delay is None:
                    problem = problem_of(error, action, hide=str(parameters.get("Password", "")))
                    sends, lost = attempt + retries_of(error), fate is ErrorClass.UNKNOWN
                    self.context.call_finished(Call(action, request_id_of(error), self._since(sent), sends, code, lost))
                    raise problem from None
                self.context.call_delayed(action, code, delay)
                self.context.wait(delay)
            else:
                metadata = answer.get("ResponseMetadata", {})
                sends = attempt + int(metadata.get("RetryAttempts", 0))
                self.context.call_finished(Call(action, str(metadata.get("RequestId", "")), self._since(sent), sends))
                return result

    def _identify(self, clients: Clients) -> str:
        """Whose credentials ``clients`` have; told as a call of this turn."""
        found = Api(clients, self.context).call("sts:GetCallerIdentity").get("Account")
        if not found:
            raise lost_answer("sts:GetCallerIdentity", "the answer names no account")
        return str(found)

    def pages(self, action: str, key: str, **parameters: Any) -> Iterator[Any]:
        """Every item of a listing, page by page, by IAM's, KMS's and the newer services' conventions."""
        following: dict[str, Any] = {}
        while True:
            answer = self.call(action, **parameters, **following)
            yield from answer.get(key, ())
            page = _next_page(answer)
            if not page or page == following:
                return
            following = page

    def found(self, action: str, *, patience: Collection[str] = (), **parameters: Any) -> dict[str, Any] | None:
        """The answer of a read, or None when AWS says that there is no such thing."""
        try:
            return self.call(action, patience=patience, **parameters)
        except Problem as problem:
            if problem.code in ABSENT:
                return None
            raise

    def remove(self, action: str, **parameters: Any) -> None:
        """A removal; that there is nothing to remove is as good, and a lost answer is no reason not to repeat it."""
        for tries_left in range(REMOVAL_TRIES - 1, -1, -1):
            try:
                self.call(action, patience=BUSY, patience_s=BUSY_S, **parameters)
            except Problem as problem:
                if problem.code in ABSENT:
                    return
                if not tries_left or not outcome_unknown(problem):
                    raise
                self.context.wait(PATIENT_DELAY_S)
            else:
                return

    def _send(self, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        service, operation = action.split(":")
        client = self._clients.get(service, region=self._region, writes=_is_write(action))
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**parameters)
        metadata = answer.get("ResponseMetadata", {})
        if metadata.get("HTTPStatusCode") and not metadata.get("RequestId"):
            # The page of a proxy passes for the answer of every call that answers nothing in particular.
            raise lost_answer(action, "the answer has no request id of AWS")
        return answer

    def _since(self, ticks: float) -> int:
        return round((self.context.clock.ticks() - ticks) * 1000)


def silent_context(id: str) -> StepContext:
    """A turn that nobody listens to, for calls that belong to no run."""

    def ignore(_: Event) -> None:
        return None

    return StepContext(source=CallSource.CHECK, id=id, publish=ignore, clock=SystemClock(), stop=threading.Event())


def _require(action: str, found: Mapping[str, Any], fields: Collection[str]) -> None:
    for name in fields:
        # An empty list is an answer, and so is a no; nothing at all is none.
        if found.get(name) in (None, "", b"", {}):
            raise lost_answer(action, f"the answer has no {name}")


def _next_page(answer: dict[str, Any]) -> dict[str, str]:
    """What asks for the page after ``answer``; empty after the last one."""
    if answer.get("NextToken"):
        return {"NextToken": str(answer["NextToken"])}
    marker = answer.get("Marker") or answer.get("NextMarker")
    if marker and (answer.get("IsTruncated") or answer.get("Truncated")):
        return {"Marker": str(marker)}
    return {}


@dataclass(frozen=True)
class _Patience:
    """Error codes that are waited out ``until`` the clock's ticks say so."""

    codes: Collection[str]
    until: float

    def pause(self, code: str, ticks: float) -> float | None:
        """Seconds until the next attempt; None if ``code`` is not waited out, or no longer."""
        left_s = self.until - ticks
        return min(PATIENT_DELAY_S, left_s) if code in self.codes and left_s > 0 else None


def _is_write(action: str) -> bool:
    return action == USES_A_CODE or not action.split(":")[1].startswith(READS)


def _pause(error: Exception, fate: ErrorClass, action: str, attempt: int) -> float | None:
    """Seconds until the next attempt, or None when there shall be none; reads without any answer are botocore's."""
    if attempt >= TRIES.get(fate, 0) or (fate is ErrorClass.UNSENT and not _is_write(action)):
        return None
    if fate is ErrorClass.UNKNOWN and (_is_write(action) or isinstance(error, (ClientError, *LOST))):
        return None
    ceiling: float = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** (attempt - 1))
    return ceiling * (0.5 + random.random() / 2)  # noqa: S311 - jitter, not a secret

"""Calls to AWS by IAM action name. Each call emits events, and each failure becomes a ``Problem``."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from breakglass_tui.aws.answer_form import require_identifiers
from breakglass_tui.aws.api_problems import lost_answer_problem, problem_of, request_id_of, retries_of
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.credential_renewal import Renewal
from breakglass_tui.aws.error_classes import ABSENT, BUSY, LOST, ErrorClass, code_of, error_class, outcome_unknown
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.events import CallSource, Event
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext

READS = (
    *("Get", "List", "Describe", "Simulate", "Test", "Encrypt", "Decrypt", "Sign", "AssumeRole"),
    "GenerateCredentialReport",
)
"""Name prefixes of operations that change nothing in AWS, so botocore may retry these by itself.
Source for the last one: Service Authorization Reference, IAM."""
DRY_RUN = "ec2:CreateInternetGateway"
"""A write that this program only calls with ``DryRun=True``. It changes nothing, so it can be repeated."""
SENDS_MFA_CODE = "sts:GetSessionToken"
"""A read that is sent only once, because AWS accepts each code of an MFA device only once."""

BUSY_S = 120.0
"""The number of seconds for which a removal is retried while IAM reports that the resource cannot be changed yet."""
REMOVAL_ATTEMPTS = 3

ATTEMPTS = {ErrorClass.RETRY: 6, ErrorClass.NOT_SENT: 4, ErrorClass.UNKNOWN: 3}
"""The maximum number of attempts of one call, by the class of its failure.

RETRY: AWS refused the request for now. NOT_SENT: the request never left this machine. UNKNOWN: a read got a response
that does not come from AWS.
"""
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 8.0
RETRY_WINDOW_S = 60.0
RETRY_INTERVAL_S = 1.0
RENEWALS = 3
"""The most renewals of credentials in one call. New ones do not help in a Region that is not enabled."""


class Api:
    """The AWS calls of one step or check. Every call blocks until AWS answers or it times out.

    If it fails, it raises ``Problem``. With ``account_id`` and an operator to ask, a call that fails with expired
    credentials asks for new ones. These must belong to that account.
    """

    def __init__(self, clients: Clients, context: StepContext, *, region: str = "", account_id: str = "") -> None:
        self.context = context
        self._clients = clients
        self._region = region
        self._account_id = account_id
        self._answered: tuple[str, float] = ("", 0.0)
        self._renewal = Renewal(clients, context, account_id, self._identify)

    def in_region(self, region: str) -> Api:
        """Return an ``Api`` for ``region`` with the same context and account."""
        return Api(self._clients, self.context, region=region, account_id=self._account_id)

    def branch(self) -> Api:
        """Return an ``Api`` for the same Region that records its calls in a list of its own."""
        return Api(self._clients, self.context.branch(), region=self._region, account_id=self._account_id)

    @property
    def clock_offset_s(self) -> float:
        """The seconds by which AWS's clock is ahead (Date header of the last answer), or 0 if unknown."""
        header, received_at = self._answered
        try:
            return parsedate_to_datetime(header).timestamp() - received_at
        except (TypeError, ValueError):
            return 0.0

    def call(
        self,
        action: str,
        *,
        fields: Collection[str] = (),
        retry_on: Collection[str] = (),
        retry_for_s: float | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Call ``action``, for example ``iam:CreateUser``, and return the answer of boto3. Raises ``Problem``.

        ``retry_on`` lists error codes that only mean that an earlier write is not visible yet. They are retried for
        ``retry_for_s`` seconds (60 by default). A refusal that proves that AWS did nothing is retried a few times, with
        growing delays. So is a write that never left this machine.

        An answer without one of ``fields`` raises the ``Problem`` of a lost answer, because botocore parses a truncated
        response as an empty one.
        """

        def checked(answer: dict[str, Any]) -> dict[str, Any]:
            _require(action, answer, fields)
            return answer

        return self._call(action, parameters, retry_on, retry_for_s, checked)

    def call_part(
        self,
        action: str,
        part: str,
        *,
        fields: Collection[str] = (),
        learn: Mapping[str, str] | None = None,
        retry_on: Collection[str] = (),
        retry_for_s: float | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Call ``action`` and return the structure ``part`` of its answer, for example ``User``. Raises ``Problem``.

        An answer without ``part``, or a part without one of ``fields``, may come from a proxy. It raises the
        ``Problem`` of a lost answer. ``learn`` maps names of facts to fields of the part. These facts are recorded in
        the journal before the call counts as answered. ``retry_on`` and ``retry_for_s`` are those of ``call``.
        """

        def checked(answer: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = answer.get(part) or {}
            for fact, name in (learn or {}).items():
                if found.get(name):
                    self.context.fact_learned(fact, str(found[name]))
            _require(action, answer, (part,))
            _require(action, found, fields)
            return found

        return self._call(action, parameters, retry_on, retry_for_s, checked)

    def _call(
        self,
        action: str,
        parameters: dict[str, Any],
        retry_on: Collection[str],
        retry_for_s: float | None,
        checked: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> dict[str, Any]:
        for renewals_left in range(RENEWALS, -1, -1):
            generation = self._renewal.generation
            until = self.context.clock.ticks() + (RETRY_WINDOW_S if retry_for_s is None else retry_for_s)
            try:
                return self._call_with_retries(action, parameters, _RetryWindow(retry_on, until), checked)
            except Problem as problem:
                if problem.kind is not Kind.CREDENTIALS or not renewals_left:
                    raise
                self._renewal.renew(problem, generation)
        raise AssertionError("the last round returns or raises")

    def _call_with_retries(
        self,
        action: str,
        parameters: dict[str, Any],
        window: _RetryWindow,
        checked: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> dict[str, Any]:
        attempt = 0
        while True:
            attempt += 1
            self.context.call_started(action, attempt)
            sent_at = self.context.clock.ticks()
            try:
                answer = self._send(action, parameters)
                result = checked(answer)
            except Exception as error:  # noqa: BLE001 - botocore raises far more than its own base classes
                code, failure = code_of(error), error_class(error, action)
                delay = window.delay(code, self.context.clock.ticks()) or _backoff(error, failure, action, attempt)
                if delay is None:
                    problem = problem_of(error, action, hide=str(parameters.get("Password", "")))
                    sends, lost = attempt + retries_of(error), failure is ErrorClass.UNKNOWN
                    call = Call(action, request_id_of(error), self._elapsed_ms(sent_at), sends, code, lost)
                    self.context.call_finished(call)
                    raise problem from None
                self.context.call_delayed(action, code, delay)
                self.context.wait(delay)
            else:
                metadata = answer.get("ResponseMetadata", {})
                sends = attempt + int(metadata.get("RetryAttempts", 0))
                call = Call(action, str(metadata.get("RequestId", "")), self._elapsed_ms(sent_at), sends)
                self.context.call_finished(call)
                return result

    def _identify(self, clients: Clients) -> str:
        """Return the account id of the credentials of ``clients``. The call is recorded in this context."""
        found = Api(clients, self.context).call("sts:GetCallerIdentity").get("Account")
        if not found:
            raise lost_answer_problem("sts:GetCallerIdentity", "the answer names no account")
        return str(found)

    def paginate(self, action: str, key: str, **parameters: Any) -> Iterator[Any]:
        """Yield the items of the list ``key`` from all pages of ``action`` (NextToken, Marker, NextMarker)."""
        following: dict[str, Any] = {}
        while True:
            answer = self.call(action, **parameters, **following)
            yield from answer.get(key, ())
            page = _next_page(answer)
            if not page or page == following:
                return
            following = page

    def find(self, action: str, *, retry_on: Collection[str] = (), **parameters: Any) -> dict[str, Any] | None:
        """Return the answer of a read, or None if AWS reports that the resource does not exist. Raises ``Problem``."""
        try:
            return self.call(action, retry_on=retry_on, **parameters)
        except Problem as problem:
            if problem.code in ABSENT:
                return None
            raise

    def remove(self, action: str, **parameters: Any) -> None:
        """Call a removal. A missing resource counts as removed. After a lost answer, the call is repeated."""
        for attempts_left in range(REMOVAL_ATTEMPTS - 1, -1, -1):
            try:
                self.call(action, retry_on=BUSY, retry_for_s=BUSY_S, **parameters)
            except Problem as problem:
                if problem.code in ABSENT:
                    return
                if not attempts_left or not outcome_unknown(problem):
                    raise
                self.context.wait(RETRY_INTERVAL_S)
            else:
                return

    def _send(self, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        service, operation = action.split(":")
        client = self._clients.get(service, region=self._region, writes=_is_write(action))
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**parameters)
        metadata = answer.get("ResponseMetadata", {})
        self._answered = (str(metadata.get("HTTPHeaders", {}).get("date", "")), self.context.clock.now().timestamp())
        if metadata.get("HTTPStatusCode") and not metadata.get("RequestId"):
            # botocore parses the page of a proxy as the answer of any call that returns no data.
            raise lost_answer_problem(action, "the answer has no AWS request id")
        require_identifiers(action, answer)
        return answer

    def _elapsed_ms(self, ticks: float) -> int:
        return round((self.context.clock.ticks() - ticks) * 1000)


def silent_context(id: str) -> StepContext:
    """Return a ``StepContext`` that discards its events, for calls outside a run."""

    def ignore(_: Event) -> None:
        return None

    return StepContext(source=CallSource.CHECK, id=id, publish=ignore, clock=SystemClock(), stop=threading.Event())


def _require(action: str, found: Mapping[str, Any], fields: Collection[str]) -> None:
    for name in fields:
        # An empty list and False are answers. A missing or empty field is not.
        if found.get(name) in (None, "", b"", {}):
            raise lost_answer_problem(action, f"the answer has no {name}")


def _next_page(answer: dict[str, Any]) -> dict[str, str]:
    """Return the parameters that request the page after ``answer``, or an empty dict after the last page."""
    if answer.get("NextToken"):
        return {"NextToken": str(answer["NextToken"])}
    marker = answer.get("Marker") or answer.get("NextMarker")
    if marker and (answer.get("IsTruncated") or answer.get("Truncated")):
        return {"Marker": str(marker)}
    return {}


@dataclass(frozen=True)
class _RetryWindow:
    """The error codes to retry, and the time at which retries end (``until``, in seconds of ``Clock.ticks``)."""

    codes: Collection[str]
    until: float

    def delay(self, code: str, ticks: float) -> float | None:
        """Return the seconds until the next attempt, or None if ``code`` is not retried or the window has ended."""
        left_s = self.until - ticks
        return min(RETRY_INTERVAL_S, left_s) if code in self.codes and left_s > 0 else None


def _is_write(action: str) -> bool:
    return action == SENDS_MFA_CODE or (action != DRY_RUN and not action.split(":")[1].startswith(READS))


def _backoff(error: Exception, failure: ErrorClass, action: str, attempt: int) -> float | None:
    """Return the seconds to wait after a failure, or None for no retry. botocore retries reads without an answer."""
    if attempt >= ATTEMPTS.get(failure, 0) or (failure is ErrorClass.NOT_SENT and not _is_write(action)):
        return None
    if failure is ErrorClass.UNKNOWN and (_is_write(action) or isinstance(error, (ClientError, *LOST))):
        return None
    ceiling: float = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** (attempt - 1))
    return ceiling * (0.5 + random.random() / 2)  # noqa: S311 - jitter, not a secret

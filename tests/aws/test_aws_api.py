"""Api and Clients: the requests that are sent, how often, and the events about them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from breakglass_tui.aws.api import ATTEMPTS, Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.error_classes import ErrorClass
from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext, Stopped


class Canned:
    """Clients whose operations return the next of ``answers``, or raise it if it is an exception."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bool, dict[str, Any]]] = []
        self.region = "eu-west-1"

    def get(self, service: str, *, region: str = "", writes: bool) -> Any:
        canned = self

        class Client:
            def __getattr__(self, operation: str) -> Callable[..., Any]:
                def answer(**parameters: Any) -> Any:
                    canned.asked.append((f"{service}.{operation}", writes, parameters))
                    result = canned.answers.pop(0)
                    if isinstance(result, Exception):
                        raise result
                    return {"ResponseMetadata": {"RequestId": "req-yes"}, **result}

                return answer

        return Client()


def refusal(code: str) -> ClientError:
    metadata = {"RequestId": "req-no", "HTTPStatusCode": 400}
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}, "X")


def api_of(canned: Canned, events: list[e.Event] | None = None, clock: Any = None) -> Api:
    events = [] if events is None else events
    context = StepContext(
        source=e.CallSource.STEP, id="s", publish=events.append, clock=clock or SystemClock(), stop=threading.Event()
    )
    return Api(canned, context)  # type: ignore[arg-type]


def test_each_call_is_recorded_with_its_request_id_and_sends() -> None:
    events: list[e.Event] = []
    canned = Canned({"ResponseMetadata": {"RequestId": "req-1", "RetryAttempts": 2}})
    api = api_of(canned, events)
    api.call("iam:GetUser", UserName="a")
    started, finished = events
    assert isinstance(started, e.CallStarted)
    assert (started.operation, started.attempt) == ("iam:GetUser", 1)
    assert isinstance(finished, e.CallFinished)
    assert (finished.call.request_id, finished.call.attempts, finished.call.error) == ("req-1", 3, "")
    assert api.context.calls == [finished.call]


def test_a_refusal_is_recorded_with_its_code_and_request_id() -> None:
    api = api_of(Canned(refusal("AccessDenied")))
    with pytest.raises(Problem):
        api.call("iam:CreateUser")
    (call,) = api.context.calls
    assert (call.request_id, call.error) == ("req-no", "AccessDenied")


@pytest.mark.parametrize(
    ("action", "writes"),
    [
        ("iam:CreateAccessKey", True),
        ("iam:EnableMFADevice", True),
        ("iam:DeleteUser", True),
        ("iam:PutUserPolicy", True),
        ("iam:GetUser", False),
        ("iam:ListVirtualMFADevices", False),
        ("kms:Encrypt", False),
        ("kms:Decrypt", False),
        ("iam:SimulatePrincipalPolicy", False),
        ("events:TestEventPattern", False),
        ("sts:GetSessionToken", True),
    ],
)
def test_botocore_may_retry_only_reads(action: str, writes: bool) -> None:
    canned = Canned({})
    api_of(canned).call(action)
    assert canned.asked[0][1] is writes


def test_throttling_is_retried_with_growing_delays_up_to_a_limit(lab_clock: Any) -> None:
    events: list[e.Event] = []
    canned = Canned(*[refusal("Throttling")] * (ATTEMPTS[ErrorClass.RETRY] + 3))
    with pytest.raises(Problem) as caught:
        api_of(canned, events, lab_clock).call("iam:CreateUser")
    delays = [event.delay_s for event in events if isinstance(event, e.CallDelayed)]
    assert len(canned.asked) == ATTEMPTS[ErrorClass.RETRY]
    assert len(delays) == ATTEMPTS[ErrorClass.RETRY] - 1
    assert delays[-1] > delays[0]
    assert "Wait a minute" in caught.value.next


def test_the_retry_window_ends_after_its_time(lab_clock: Any) -> None:
    canned = Canned(*[refusal("NoSuchEntity")] * 200)
    with pytest.raises(Problem):
        api_of(canned, clock=lab_clock).call("iam:PutUserPolicy", retry_on=("NoSuchEntity",))
    assert 59 <= lab_clock.waited <= 61
    canned.asked.clear()
    with pytest.raises(Problem):
        api_of(canned, clock=lab_clock).call("iam:EnableMFADevice", retry_on=("NoSuchEntity",), retry_for_s=5)
    assert 5 <= len(canned.asked) <= 7


def test_stopping_ends_a_delay_and_nothing_more_is_sent(lab_clock: Any) -> None:
    canned = Canned(*[refusal("Throttling")] * 3)
    api = api_of(canned)
    api.context._stop.set()
    with pytest.raises(Stopped):
        api.call("iam:CreateUser")
    assert len(canned.asked) == 1


def test_an_answer_without_its_part_counts_as_lost() -> None:
    with pytest.raises(Problem) as caught:
        api_of(Canned({"ResponseMetadata": {}})).call_part("iam:CreateUser", "User")
    assert "may or may not" in caught.value.why


PAGED = [
    ({"IsTruncated": True, "Marker": "m"}, {"Marker": "m"}),
    ({"Truncated": True, "NextMarker": "m"}, {"Marker": "m"}),
    ({"NextToken": "m"}, {"NextToken": "m"}),
]


@pytest.mark.parametrize("value", [[], False, 0])
def test_an_empty_list_and_false_are_answers(value: object) -> None:
    answer = api_of(Canned({"Held": value})).call("cloudtrail:GetTrailStatus", fields=("Held",))
    assert answer["Held"] == value


@pytest.mark.parametrize(("ends", "asks"), PAGED)
def test_every_page_is_read(ends: dict[str, Any], asks: dict[str, str]) -> None:
    canned = Canned({"Items": [1, 2], **ends}, {"Items": [3]})
    assert list(api_of(canned).paginate("iam:ListUsers", "Items", MaxItems=2)) == [1, 2, 3]
    assert canned.asked[1][2] == {"MaxItems": 2, **asks}


def test_an_endpoint_that_repeats_the_same_page_ends_the_listing() -> None:
    page = {"Items": [1], "IsTruncated": True, "Marker": "m"}
    assert list(api_of(Canned(*[page] * 9)).paginate("iam:ListUsers", "Items")) == [1, 1]


def test_a_removal_of_a_missing_resource_succeeds() -> None:
    canned = Canned(refusal("NoSuchEntity"))
    api_of(canned).remove("iam:DeleteUser", UserName="a")
    assert len(canned.asked) == 1


def test_a_denied_removal_is_a_problem() -> None:
    with pytest.raises(Problem, match="not allowed"):
        api_of(Canned(refusal("AccessDenied"))).remove("iam:DeleteUser", UserName="a")


@pytest.fixture
def hang_up() -> Iterator[tuple[str, list[bytes]]]:
    """Yield the address of a server that closes each connection after the request, and the requests."""
    heard: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(65536))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()
        thread.join()


def test_a_write_is_sent_once_whatever_the_environment_sets(
    hang_up: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    url, heard = hang_up
    session = boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1")
    api = Api(Clients(session, endpoint_url=url), silent_context("t"))
    with pytest.raises(Problem) as caught:
        api.call("iam:CreateAccessKey", UserName="a")
    assert len(heard) == 1
    assert caught.value.code == "ConnectionClosedError"


def test_clients_are_created_once_for_each_access_key(shared_account: Any) -> None:
    clients: Clients = shared_account.clients
    assert clients.get("iam", writes=True) is clients.get("iam", writes=True)
    assert clients.get("iam", writes=True) is not clients.get("iam", writes=False)
    other = clients.as_user("AKIAEXAMPLE", "secret").get("iam", writes=True)
    assert other is not clients.get("iam", writes=True)
    assert other.meta.endpoint_url == shared_account.endpoint

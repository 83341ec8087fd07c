"""An answer that is too large or too slow ends the call in bounded time and memory, and its outcome is unknown."""

from __future__ import annotations

import contextlib
import gzip
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import parse_headers
from pathlib import Path
from typing import Any

import pytest

from breakglass_tui.aws import answer_limits
from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.connect import connect_clients
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.domain.problems import Kind, Problem

KEYS = ("AKIAEXAMPLE", "not-a-secret")
OK = b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: 1\r\nContent-Type: text/xml\r\n"
THREE_GIB = 3 * 1024**3
PIECE = b"<x>" * 100_000
PEAK_KIB = 80 * 1024
"""The most memory that a refused answer may cost: a few times the limit of 16 MiB."""

Send = Callable[[bytes], None]


class Server:
    """A server on loopback that sends each client what ``answer`` sends. ``stop`` ends an endless answer."""

    def __init__(self, answer: Callable[[Server, Send], None]) -> None:
        self.asked = 0
        self.sent = 0
        self.stop = threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                headers = parse_headers(self.rfile) if self.rfile.readline() else {}
                self.rfile.read(int(headers.get("Content-Length", 0)))
                outer.asked += 1
                with contextlib.suppress(OSError):
                    answer(outer, self.send)

            def send(self, data: bytes) -> None:
                self.request.sendall(data)
                outer.sent += len(data)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def three_gib(server: Server, send: Send) -> None:
    send(OK + f"Content-Length: {THREE_GIB}\r\n\r\n".encode())
    while server.sent < THREE_GIB:
        send(PIECE)


def endless_chunks(server: Server, send: Send) -> None:
    send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while not server.stop.is_set():
        send(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))


def endless_trailer(server: Server, send: Send) -> None:
    send(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    while not server.stop.is_set():
        send(b"name: value\r\n" * 10_000)


def endless_hundred_continue(server: Server, send: Send) -> None:
    while not server.stop.is_set():
        send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


FLOODS = [three_gib, endless_chunks, endless_trailer, endless_hundred_continue]


def dripping_body(server: Server, send: Send) -> None:
    send(OK + b"Content-Length: 1000000\r\n\r\n")
    drip(server, send)


def dripping_headers(server: Server, send: Send) -> None:
    send(OK)
    drip(server, send)


def drip(server: Server, send: Send) -> None:
    while not server.stop.wait(0.05):
        send(b"x")


def silence_in_the_body(server: Server, send: Send) -> None:
    send(OK + b"Content-Length: 1000000\r\n\r\n<x")
    server.stop.wait()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Server, Send], None]], Server]]:
    """Return a function that starts a server with this answer."""
    started: list[Server] = []

    def start(answer: Callable[[Server, Send], None]) -> Server:
        started.append(Server(answer))
        return started[-1]

    yield start
    for server in started:
        server.close()


def problem_at(server: Server, action: str, **parameters: Any) -> Problem:
    clients = connect_clients(endpoint_url=server.url, credentials=KEYS)
    with pytest.raises(Problem) as caught:
        Api(clients, silent_context("t")).call(action, **parameters)
    return caught.value


@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(serve: Any, flood: Any) -> None:
    server = serve(flood)
    problem = problem_at(server, "iam:CreateAccessKey", UserName="a")
    assert problem.code == "AnswerLimitError"
    assert "larger than the limit of 16 MiB" in problem.why
    assert server.sent < 100 * 1024**2
    assert server.asked == 1


@pytest.mark.parametrize("dripping", [dripping_body, dripping_headers, silence_in_the_body])
def test_an_answer_that_takes_too_long_ends_the_call(
    serve: Any, dripping: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_limits, "LIMIT_S", 1.0)
    server, began = serve(dripping), time.monotonic()
    problem = problem_at(server, "iam:CreateAccessKey", UserName="a")
    assert problem.code == "AnswerLimitError"
    assert "took longer than 1 seconds" in problem.why
    assert 1 <= time.monotonic() - began < 30


@pytest.mark.parametrize("action", ["iam:CreateUser", "iam:GetUser", "sts:GetCallerIdentity"])
def test_the_outcome_is_unknown_and_nothing_is_sent_again(serve: Any, action: str) -> None:
    server = serve(three_gib)
    problem = problem_at(server, action, **({"UserName": "a"} if action.startswith("iam") else {}))
    assert outcome_unknown(problem)
    assert problem.kind is Kind.UNREACHABLE
    assert "may or may not have applied" in problem.why
    assert "endpoint" in problem.next
    assert server.asked == 1


def test_a_compressed_answer_is_not_unpacked(serve: Any) -> None:
    bomb = gzip.compress(b" " * 64 * 1024**2 + b"<GetUserResponse/>")

    def answer(_: Server, send: Send) -> None:
        send(OK + f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb)

    # Unpacked, it would be a valid answer.
    assert problem_at(serve(answer), "iam:CreateUser", UserName="a").code == "ResponseParserError"


def test_an_answer_just_below_the_limit_is_read(serve: Any) -> None:
    name = "a" * (answer_limits.LIMIT_BYTES - 1024)
    body = f"<GetUserResponse><GetUserResult><User><UserName>{name}</UserName></User></GetUserResult></GetUserResponse>"

    def answer(_: Server, send: Send) -> None:
        send(OK + f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    server = serve(answer)
    client = connect_clients(endpoint_url=server.url, credentials=KEYS).get("iam", writes=False)
    assert len(client.get_user()["User"]["UserName"]) == len(name)


@pytest.mark.parametrize("source", ["container", "instance"])
def test_the_sources_of_credentials_are_limited_too(serve: Any, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(three_gib)
    if source == "container":
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/keys")
    else:
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
    with pytest.raises(Problem) as caught:
        connect_clients()
    assert caught.value.code == "AnswerLimitError"
    assert server.sent < 100 * 1024**2


def test_a_role_is_assumed_with_the_same_limits(serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    keys = f"aws_access_key_id={KEYS[0]}\naws_secret_access_key={KEYS[1]}\n"
    role = "role_arn=arn:aws:iam::123456789012:role/x\nsource_profile=base\n"
    config.write_text(f"[profile base]\n{keys}[profile role]\n{role}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    server = serve(three_gib)
    with pytest.raises(Problem) as caught:
        connect_clients(profile="role", endpoint_url=server.url)
    assert caught.value.code == "AnswerLimitError"
    assert server.asked == 1


def test_the_memory_of_the_program_stays_flat(serve: Any, tmp_path: Path) -> None:
    def refused(_: Server, send: Send) -> None:
        body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
        send(b"HTTP/1.1 403 No\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    request = tmp_path / "request.toml"
    request.write_text('region = "eu-west-1"\n')
    _, usual_kib = plan(serve(refused).url, request)
    said, peak_kib = plan(serve(three_gib).url, request)
    assert "larger than the limit of 16 MiB" in said
    assert "Traceback" not in said
    assert peak_kib < usual_kib + PEAK_KIB


def plan(url: str, request: Path) -> tuple[str, int]:
    """Run ``plan`` at this endpoint in a process. Return its stderr and its largest memory in KiB."""
    command = [sys.executable, "-m", "breakglass_tui", "--endpoint-url", url, "plan", "--request", str(request)]
    keys = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1]}
    out = request.with_suffix(".out")
    with out.open("wb") as file:
        child = subprocess.Popen(command, env={**os.environ, **keys}, stdout=file, stderr=file)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return out.read_text(), usage.ru_maxrss

"""A proxy between boto3 and the simulated account that injects a fault into the n-th call of an operation."""

from __future__ import annotations

import os
import re
import socket
import socketserver
import struct
import threading
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from fault_answers import STALE_READS, absent, empty, page, refusal


class Fault(StrEnum):
    """A fault of a call."""

    THROTTLED = "throttled"
    FAULT = "500, not applied"
    REFUSED = "refused"
    RESET = "reset before"
    LOST = "applied, lost"
    FAULT_AFTER = "applied, 500"
    TRUNCATED = "applied, truncated"
    GARBAGE = "garbage"
    GARBAGE_AFTER = "applied, garbage"
    DENIED = "denied"
    EXPIRED = "expired"
    OUTAGE = "network gone"
    STALE = "stale"
    LATE = "applied late"


AT_THE_DOOR = (Fault.REFUSED, Fault.OUTAGE)
"""Faults without a connection: they occur where the client sends, not in the proxy."""
LATE_BY_S = 6.0


@dataclass
class Armed:
    """A fault for the ``nth`` call of ``operation`` after it was armed."""

    operation: str
    nth: int
    fault: Fault
    seen: int = 0

    def hits(self) -> bool:
        """Count a call, and return whether it gets the fault. Denial and staleness last for more than one call."""
        self.seen += 1
        if self.fault is Fault.DENIED:
            return self.seen >= self.nth
        return self.nth <= self.seen < self.nth + (STALE_READS if self.fault is Fault.STALE else 1)


class FaultProxy:
    """A proxy on loopback. It forwards requests to ``upstream``, except those with a fault."""

    def __init__(self, upstream: str) -> None:
        url = urlsplit(upstream)
        self._upstream = (str(url.hostname), int(url.port or 0))
        self._lock = threading.Lock()
        self._armed: list[Armed] = []
        self._over: Fault | None = None
        self._late: list[tuple[float, bytes]] = []
        self._now_s = 0.0
        self._role = b""  # the role before any run: every run restores it
        self.hit: list[tuple[str, Fault]] = []
        self.seen: Counter[str] = Counter()
        self.reached: Counter[str] = Counter()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._closed_port = _closed_port()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint for clients."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def fresh(self) -> None:
        """Reset the state, for the next test."""
        self.heal()
        with self._lock:
            self._late.clear()
            self.hit.clear()
            self.seen.clear()
            self.reached.clear()

    def arm(self, operation: str, nth: int, fault: Fault) -> None:
        """Inject ``fault`` into the ``nth`` call of ``operation`` from now on."""
        with self._lock:
            self._armed.append(Armed(operation, nth, fault))

    def heal(self) -> None:
        """End all faults: the network works, the operator has signed in, the permission is granted."""
        with self._lock:
            self._armed.clear()
            self._over = None

    def renew(self) -> None:
        """Let the operator sign in again. Other faults stay."""
        with self._lock:
            self._over = None if self._over is Fault.EXPIRED else self._over

    def pass_time(self, now_s: float) -> None:
        """Deliver the late requests that are due. ``now_s`` is the time waited so far, in seconds."""
        with self._lock:
            due = [raw for when, raw in self._late if when <= now_s]
            self._late = [(when, raw) for when, raw in self._late if when > now_s]
            self._now_s = now_s
        for raw in due:
            self.forward(raw)

    def at_the_door(self, request: Any, event_name: str, **_: Any) -> None:
        """Handle botocore's ``before-send``: send a request that is refused to a closed port."""
        _, service, operation = event_name.split(".")
        service = "events" if service == "eventbridge" else service  # the name in botocore, and the name in IAM
        with self._lock:
            fault = self._fault_for(f"{service}:{operation}", door=True)
        if fault is not None:
            request.url = f"http://127.0.0.1:{self._closed_port}/"

    def answer(self, raw: bytes) -> tuple[bytes, bool]:
        """Return the answer, and whether the connection breaks after it."""
        operation = _operation(raw)
        with self._lock:
            self.seen[operation] += 1
            fault = self._fault_for(operation, door=False)
        match fault:
            case None:
                return self._handed_on(operation, raw), False
            case Fault.LOST | Fault.RESET:
                if fault is Fault.LOST:
                    self.forward(raw)
                return b"", True
            case Fault.LATE:
                with self._lock:
                    self._late.append((self._now_s + LATE_BY_S, raw))
                return b"", True
            case Fault.TRUNCATED:
                whole = self.forward(raw)
                return whole[: -(len(whole.partition(b"\r\n\r\n")[2]) // 2 + 1)], True
            case Fault.FAULT_AFTER | Fault.GARBAGE_AFTER:
                self.forward(raw)
                return (page() if fault is Fault.GARBAGE_AFTER else refusal(operation, "fault")), False
            case Fault.GARBAGE:
                return page(), False
            case Fault.STALE:
                return self._stale(operation), False
            case _:
                return refusal(operation, fault.name.lower()), False

    def forward(self, raw: bytes) -> bytes:
        """Return the answer of the account."""
        with self._lock:
            self.reached[_operation(raw)] += 1
        with socket.create_connection(self._upstream) as upstream:
            upstream.sendall(raw)
            parts = []
            while part := upstream.recv(65536):
                parts.append(part)
        return b"".join(parts).replace(b"Connection: close\r\n", b"", 1)

    def _handed_on(self, operation: str, raw: bytes) -> bytes:
        answer = self.forward(raw)
        if operation == "iam:GetRole":
            self._role = self._role or answer
        return answer

    def _stale(self, operation: str) -> bytes:
        if operation == "iam:GetRole":
            return self._role
        return empty(operation) or absent(operation)

    def _fault_for(self, operation: str, *, door: bool) -> Fault | None:
        if self._over is not None:
            return self._over if door is (self._over in AT_THE_DOOR) else None
        for armed in self._armed:
            if armed.operation == operation and door is (armed.fault in AT_THE_DOOR) and armed.hits():
                self.hit.append((operation, armed.fault))
                if armed.fault in (Fault.EXPIRED, Fault.OUTAGE):
                    self._over = armed.fault
                return armed.fault
        return None


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64
    proxy: FaultProxy


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve one connection, request by request, until it is closed or breaks."""
        try:
            while raw := self._request():
                answer, broken = self.server.proxy.answer(raw)
                self.connection.sendall(answer)
                if broken and not answer:
                    # With a linger time of zero the kernel sends a reset instead of an orderly end.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    os.close(self.connection.detach())
                if broken:
                    return
        except ConnectionError:
            return

    def _request(self) -> bytes:
        head = b""
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            head += line
        found = re.search(rb"(?im)^content-length: *([0-9]+)", head)
        return head + b"\r\n" + self.rfile.read(int(found[1]) if found else 0) if head else b""


def _operation(raw: bytes) -> str:
    target = re.search(rb"(?im)^x-amz-target: *[\w.]+\.(\w+)", raw)
    scope = re.search(rb"Credential=[^/]+/[0-9]{8}/[a-z0-9-]+/([a-z0-9]+)/", raw)
    action = target or re.search(rb"(?:^|&|\n)Action=(\w+)", raw.partition(b"\r\n\r\n")[2])
    return f"{scope[1].decode() if scope else ''}:{action[1].decode() if action else ''}"


def _closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])

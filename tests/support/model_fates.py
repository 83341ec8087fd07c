"""The possible events in a process of a run: a kill, a failed call, another admin, a stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError

from breakglass_tui.domain.events import Event

LATE_S = 5.0
"""Seconds until a delayed request reaches AWS, well below the time that the program waits for it."""

WRITES = (
    "iam:CreateUser",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:CreateLoginProfile",
    "iam:CreateAccessKey",
    "iam:PutUserPolicy",
    "iam:AddUserToGroup",
    "iam:UpdateAssumeRolePolicy",
)
REMOVALS = (
    "iam:DeleteAccessKey",
    "iam:DeleteLoginProfile",
    "iam:DeactivateMFADevice",
    "iam:DeleteVirtualMFADevice",
    "iam:DeleteUserPolicy",
    "iam:RemoveUserFromGroup",
    "iam:DeleteUser",
)
READS = ("iam:GetUser", "iam:ListAccessKeys", "iam:ListVirtualMFADevices", "iam:GetLoginProfile", "iam:GetUserPolicy")
FAULTS = ("lost before", "lost after", "throttled", "denied", "500 before", "500 after", "late")
CODES = {"throttled": ("Throttling", 400), "denied": ("AccessDenied", 403)}


class Killed(BaseException):
    """The process has ended. No handler of the program may catch this."""


@dataclass(frozen=True)
class Fault:
    """A fault of ``times`` calls of ``operation``, after the first ``skip`` calls."""

    operation: str
    how: str
    skip: int = 0
    times: int = 1


@dataclass(frozen=True)
class Fate:
    """The events of one process. The numbers count lines of its journal, and 0 is never."""

    kill_at: int = 0
    written: bool = True
    """Whether the line at the kill is still written to the disk."""
    fault: Fault | None = None
    edit_at: int = 0
    edit: str = ""
    stop_at: int = 0
    stop: str = "keep"

    @property
    def quiet(self) -> bool:
        """Whether the process runs without such events."""
        return not (self.kill_at or self.fault or self.edit_at or self.stop_at)


class Mortal:
    """A journal whose process is killed at one of its lines. ``at`` is called at others."""

    def __init__(self, journal: Any, fate: Fate, at: dict[int, Callable[[], object]]) -> None:
        self._journal, self._fate, self._at = journal, fate, at
        self._dead, self._lines = threading.Event(), 0

    def write(self, event: Event) -> None:
        """Write the event, or end the process. After its end nothing is written, and so nothing is sent."""
        if self._dead.is_set():
            raise Killed
        self._lines += 1
        last = self._lines == self._fate.kill_at
        if not last or self._fate.written:
            self._journal.write(event)
        if last:
            self._dead.set()
            raise Killed
        self._at.get(self._lines, lambda: None)()


class Network:
    """A layer between the program and the account that injects faults and delivers delayed requests."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._late: list[tuple[float, str, Callable[[], object]]] = []
        self.fault: Fault | None = None
        self.watch: Callable[[str], object] = lambda operation: None
        self.seen = 0
        self.struck = 0

    def forget(self, fault: Fault | None = None) -> None:
        """Use ``fault`` from now on, and no other."""
        with self._lock:
            self.fault, self.seen, self.struck = fault, 0, 0

    def send(self, operation: str, really: Callable[[], Any]) -> Any:
        """Call ``really``, or not, and raise what botocore would raise. ``watch`` is called first."""
        self.watch(operation)
        how = self._how(operation)
        if how == "late" and operation in WRITES:
            with self._lock:
                self._late.append((self._ticks() + LATE_S, operation, really))
        elif how in ("lost after", "500 after"):
            really()
        elif how is None:
            return really()
        if how.startswith("500"):
            raise _refusal(operation, "ServiceFailure", 500)
        if how in CODES:
            raise _refusal(operation, *CODES[how])
        raise ConnectionClosedError(endpoint_url="https://iam.amazonaws.com")

    def deliver(self) -> None:
        """Deliver the requests that are due. Their answers are dropped."""
        with self._lock:
            now = self._ticks()
            due = [really for at, _, really in self._late if at <= now]
            self._late = [late for late in self._late if late[0] > now]
        for really in due:
            try:
                really()
            except ClientError:
                continue

    def waits_for(self, operation: str) -> bool:
        """Return whether a request of ``operation`` is not delivered yet."""
        with self._lock:
            return any(name == operation for _, name, _ in self._late)

    def _how(self, operation: str) -> str | None:
        with self._lock:
            fault = self.fault
            if fault is None or fault.operation != operation:
                return None
            self.seen += 1
            if not fault.skip < self.seen <= fault.skip + fault.times:
                return None
            self.struck += 1
            return fault.how


def _refusal(operation: str, code: str, status: int) -> ClientError:
    metadata = {"RequestId": "forced", "HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": "forced"}, "ResponseMetadata": metadata}, operation)

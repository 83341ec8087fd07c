"""Fixtures: the simulated account, whole runs through the engine, forced faults, and waits that take no time."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pyotp
import pyrage
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain import events as e
from breakglass_tui.domain.account import Account, AccountList, Group, Role
from breakglass_tui.domain.questions import Answer, MfaCodes, StoreSecret
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine import step_context
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore

CUSTODIAN = str(pyrage.x25519.Identity.generate().to_public())
_numbers = itertools.count()

ROOT_MAY_ASSUME = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{DemoAccount.account_id}:root"},
    "Action": "sts:AssumeRole",
}

Ask = Callable[[e.Asked, Run], Answer | None]


class LabClock:
    """A clock whose waits take no time. The time of day stays real, for the codes of MFA devices."""

    def __init__(self) -> None:
        self.waited = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        return time.monotonic() + self.waited


def type_codes(asked: e.Asked, run: Run) -> Answer | None:
    """Answer as an operator who stores what is shown and types valid codes."""
    if isinstance(asked.question, StoreSecret):
        return True
    totp, now = pyotp.TOTP(asked.question.seed.reveal()), int(time.time())
    return totp.at(now - 30), totp.at(now)


@dataclass
class RunOutcome:
    """The events of a run and their record."""

    setup: Setup
    events: list[e.Event] = field(default_factory=list)
    record: RunRecord = field(default_factory=RunRecord)
    asked: list[MfaCodes | StoreSecret] = field(default_factory=list)

    def calls(self, operation: str) -> int:
        """Return how often the operation was called."""
        return sum(isinstance(event, e.CallStarted) and event.operation == operation for event in self.events)

    @property
    def name(self) -> str:
        return self.setup.request.user_name


class CloudWithoutPreflight(AwsCloud):
    """A cloud without preflight checks, which have tests of their own and take as long as the steps."""

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        return ()


@dataclass
class SharedAccount:
    """The simulated account of all tests, with clients of the program and plain boto3 clients."""

    demo: DemoAccount
    endpoint: str
    clients: Clients
    iam: Any
    kms: Any
    account: Account


class Lab:
    """The user name, group and role of one test. ``iam`` and ``kms`` are plain boto3 clients."""

    def __init__(self, shared_account: SharedAccount, clock: LabClock, directory: Path) -> None:
        self.endpoint, self.clients, self.iam, self.kms = (
            shared_account.endpoint,
            shared_account.clients,
            shared_account.iam,
            shared_account.kms,
        )
        self.cloud = AwsCloud(self.clients, demo=True)
        self.clock = clock
        self.directory = directory
        self.store = RunStore(directory.parent / "state", clock)
        self.demo, account = shared_account.demo, shared_account.account
        number = next(_numbers)
        self.name, self.group, self.role = f"bg-lab-{number}", f"lab-group-{number}", f"lab-role-{number}"
        self.iam.create_group(GroupName=self.group)
        trust = {"Version": "2012-10-17", "Statement": [ROOT_MAY_ASSUME]}
        made = self.iam.create_role(RoleName=self.role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        self.role_arn = str(made["Arn"])
        group = Group(self.group, f"arn:aws:iam::{self.demo.account_id}:group/{self.group}")
        self.account = replace(
            account,
            groups=AccountList((*account.groups.items, group) if account.groups else ()),
            roles=AccountList((*account.roles.items, Role(self.role, self.role_arn, trust)) if account.roles else ()),
        )

    def everything(self, **fields: Any) -> Setup:
        """Return a setup with every step, sealed with age (no AWS call) or with the KMS key of ``fields``."""
        sealed = {} if "kms_key_id" in fields else {"seal_to": [CUSTODIAN]}
        fields = {"groups": [self.group], "role_arn": self.role_arn, **sealed, **fields}
        return self.setup(**{"access": "both", "mfa": "sealed", **fields})

    def setup(self, account: Account | None = None, **fields: Any) -> Setup:
        request = parse_request({"region": "eu-west-1", "user_name": self.name, **fields})
        setup = new_setup(request, account or self.account, self.directory)
        setup.envelopes.require_writable()
        return setup

    def run(
        self,
        setup: Setup,
        ask: Ask = type_codes,
        watch: Callable[[e.Event, Run], object] | None = None,
        *,
        with_preflight: bool = False,
    ) -> RunOutcome:
        """Run the setup. ``ask`` answers every question, and its None leaves the question open."""
        cloud = self.cloud if with_preflight else CloudWithoutPreflight(self.clients, demo=True)
        run, outcome = new_run(cloud, setup, self.store, self.clock), RunOutcome(setup)
        for event in run.events():
            outcome.events.append(event)
            outcome.record.apply(event)
            if watch:
                watch(event, run)
            if isinstance(event, e.Asked):
                outcome.asked.append(event.question)
                answer = ask(event, run)
                if answer is not None:
                    run.answer(event.number, answer)
        return outcome

    def exists(self, name: str) -> bool:
        try:
            self.iam.get_user(UserName=name)
        except self.iam.exceptions.NoSuchEntityException:
            return False
        return True

    def trust(self) -> dict[str, Any]:
        return dict(self.iam.get_role(RoleName=self.role)["Role"]["AssumeRolePolicyDocument"])

    def members(self) -> list[str]:
        return [str(user["UserName"]) for user in self.iam.get_group(GroupName=self.group)["Users"]]

    def keys(self, name: str) -> list[str]:
        return [str(key["AccessKeyId"]) for key in self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]]

    def devices(self, name: str) -> list[str]:
        pages = self.iam.get_paginator("list_virtual_mfa_devices").paginate(AssignmentStatus="Any")
        serials = [item["SerialNumber"] for page in pages for item in page["VirtualMFADevices"]]
        return [serial for serial in serials if f"mfa/{name}" in serial]

    def out_of_sync(self, serial: str) -> bool:
        """Return whether AWS would refuse the codes of the device."""
        return self.demo._server.run_locked(lambda world: serial in world.out_of_sync)

    def envelopes(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())

    def nothing_left(self) -> bool:
        """Assert that the account and the directory are as they were before the run."""
        assert not self.exists(self.name)
        assert self.devices(self.name) == []
        assert self.members() == []
        assert self.trust() == {"Version": "2012-10-17", "Statement": [ROOT_MAY_ASSUME]}
        assert self.envelopes() == []
        return True


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoAccount]:
    with DemoAccount() as account:
        yield account


@pytest.fixture(scope="session")
def shared_account(demo: DemoAccount) -> SharedAccount:
    """Create the account once: clients take most of the time of a small test."""
    session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
    endpoint = demo.start()
    clients = Clients(session, endpoint_url=endpoint)
    iam, kms = (session.client(service, endpoint_url=endpoint) for service in ("iam", "kms"))
    *_, account = assess.assess(clients, "eu-west-1", assess.identify(clients))
    return SharedAccount(demo, endpoint, clients, iam, kms, account)


@pytest.fixture
def lab_clock(monkeypatch: pytest.MonkeyPatch) -> LabClock:
    """Return a clock that every wait advances, without real time."""
    clock = LabClock()

    def wait(self: step_context.StepContext, seconds: float) -> None:
        clock.waited += seconds
        if self.stopping:
            raise step_context.Stopped

    monkeypatch.setattr(step_context.StepContext, "wait", wait)
    return clock


@pytest.fixture
def lab(shared_account: SharedAccount, lab_clock: LabClock, tmp_path: Path) -> Lab:
    return Lab(shared_account, lab_clock, tmp_path / "envelopes")


@dataclass
class Fault:
    """A fault. ``seen`` counts the calls, ``sent`` those that reached AWS."""

    seen: int = 0
    sent: int = 0


@pytest.fixture
def spoil(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fault]:
    """Make an operation fail ``before`` it reaches AWS or ``after`` AWS applied it, for some calls or for all.

    ``code`` is the refusal of AWS. Without it the connection breaks. ``then`` runs just before the failure.
    """

    def force(
        operation: str,
        *,
        code: str = "",
        when: str = "before",
        times: int = 10_000,
        skip: int = 0,
        then: Callable[[], object] = lambda: None,
    ) -> Fault:
        service = "kms" if operation in ("encrypt", "decrypt") else "iam"
        fault = Fault()
        for writes in (True, False):
            _wrap(monkeypatch, lab.clients.get(service, region="eu-west-1", writes=writes), operation, fault, locals())
        return fault

    return force


def _wrap(monkeypatch: pytest.MonkeyPatch, client: Any, operation: str, fault: Fault, how: dict[str, Any]) -> None:
    real = getattr(client, operation)

    def answer(**parameters: Any) -> Any:
        fault.seen += 1
        spoilt = how["skip"] < fault.seen <= how["skip"] + how["times"]
        if not spoilt or how["when"] == "after":
            fault.sent += 1
            result = real(**parameters)
            if not spoilt:
                return result
        how["then"]()
        if how["code"]:
            metadata = {"RequestId": "forced-request", "HTTPStatusCode": 400}
            error = {"Code": how["code"], "Message": "forced by the test"}
            raise ClientError({"Error": error, "ResponseMetadata": metadata}, operation)
        raise ConnectionClosedError(endpoint_url="https://iam.amazonaws.com")

    monkeypatch.setattr(client, operation, answer)

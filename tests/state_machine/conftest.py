"""The simulated account behind a network with faults, and waits that take no time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from model_admin import GROUP
from model_fates import Network
from model_world import House, World

from breakglass_tui.aws import api, assess
from breakglass_tui.aws.clients import Clients
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.engine import step_context


class RunningClock:
    """A clock whose durations include skipped waits. The time of day is real, for the codes of MFA devices."""

    def __init__(self) -> None:
        self.waited = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        return time.monotonic() + self.waited


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with DemoAccount() as demo:
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        endpoint = demo.start()
        clients = Clients(session, endpoint_url=endpoint)
        iam = session.client("iam", endpoint_url=endpoint)
        iam.create_group(GroupName=GROUP)
        *_, account = assess.assess(clients, "eu-west-1", assess.identify(clients))
        yield House(demo, clients, iam, account)


@pytest.fixture
def world(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    """Return a function that creates worlds, which share one clock and one network."""
    clock = RunningClock()
    network = Network(clock.ticks)
    really = api.Api._send

    def send(self: api.Api, action: str, parameters: dict[str, Any]) -> Any:
        return network.send(action, lambda: really(self, action, parameters))

    def wait(self: step_context.StepContext, seconds: float) -> None:
        clock.waited += seconds
        network.deliver()
        if self.stopping:
            raise step_context.Stopped

    monkeypatch.setattr(api.Api, "_send", send)
    monkeypatch.setattr(step_context.StepContext, "wait", wait)
    return lambda: World(house, clock, network, tmp_path)

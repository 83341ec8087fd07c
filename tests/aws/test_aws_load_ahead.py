"""The clients that ``AwsCloud`` loads ahead are those that the next calls use."""

from __future__ import annotations

from typing import Any

import pytest

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.checks.sign_in_alert import alert_regions
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.account import Account, AccountList, Region


@pytest.fixture
def created(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bool]]:
    """Return a list that grows with each client that is created."""
    found: list[tuple[str, str, bool]] = []
    get = Clients.get

    def recorded(clients: Clients, service: str, *, region: str = "", writes: bool) -> Any:
        name = (service, region or clients.region, writes)
        if name not in clients._clients:
            found.append(name)
        return get(clients, service, region=region, writes=writes)

    monkeypatch.setattr(Clients, "get", recorded)
    return found


@pytest.fixture
def cloud(lab: Any) -> AwsCloud:
    return AwsCloud(lab.clients.with_session(lab.clients._session), demo=True)


def test_the_first_calls_create_no_client_after_the_load(cloud: AwsCloud, created: list[tuple[str, str, bool]]) -> None:
    cloud.load_ahead("identify")
    assert len(created) == 2
    caller = cloud.identify()
    cloud.load_ahead("run")
    created.clear()
    *_, account = assess.assess(cloud._clients, cloud.region, caller)
    assert account.keys is not None
    assert created == []


def test_the_alerts_of_every_region_are_read_with_clients_that_were_loaded(
    lab: Any, cloud: AwsCloud, created: list[tuple[str, str, bool]]
) -> None:
    regions = AccountList(tuple(Region(name, "opted-in") for name in ("eu-west-1", "eu-south-2", "sa-east-1")))
    account = Account(lab.account.caller, "eu-west-1", regions=regions)
    setup = lab.setup(account, access="console")
    cloud.load_for_validation(setup)
    loaded = {region for service, region, writes in created if service == "events" and not writes}
    assert {"eu-south-2", "sa-east-1"} < set(alert_regions(account, "eu-west-1")) == loaded
    assert {service for service, *_ in created} == {"cloudtrail", "events", "ec2"}

"""Whether the account manages an organization: good to know, never a reason to wait or to fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from breakglass_tui.aws import assess
from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.organization import manages_organization

OTHER = "210987654321"


@pytest.fixture
def managed_by(house: Any) -> Iterator[Callable[[str], None]]:
    """Puts the account into an organization with that management account."""

    def manage(account_id: str) -> None:
        house.demo._server.run_locked(lambda world: setattr(world, "management_account", account_id))

    yield manage
    manage("")


def asked(house: Any) -> bool | None:
    return manages_organization(Api(house.clients, silent_context("organization")), house.demo.account_id)


def test_an_account_manages_its_organization_or_another_does_or_there_is_none(house: Any, managed_by: Any) -> None:
    assert asked(house) is False
    managed_by(OTHER)
    assert asked(house) is False
    managed_by(house.demo.account_id)
    assert asked(house) is True
    *_, account = assess.assess(house.clients, "eu-west-1", house.account.caller)
    assert account.management is True


@pytest.mark.parametrize(
    "refusal",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeOrganization"),
        EndpointConnectionError(endpoint_url="https://organizations.us-east-1.amazonaws.com"),
        RuntimeError("out of order"),
    ],
)
def test_what_may_not_be_asked_is_unknown_and_fails_nothing(
    house: Any, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def refuse(**_: Any) -> Any:
        raise refusal

    monkeypatch.setattr(house.clients.get("organizations", writes=False), "describe_organization", refuse)
    pictures = list(assess.assess(house.clients, "eu-west-1", house.account.caller))
    assert pictures[-1].complete
    assert pictures[-1].management is None


def test_an_answer_that_does_not_come_is_not_waited_for(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    comes = threading.Event()
    monkeypatch.setattr(assess, "ASIDE_S", 0.02)
    client = house.clients.get("organizations", writes=False)
    monkeypatch.setattr(client, "describe_organization", lambda **_: comes.wait(20))
    try:
        pictures = list(assess.assess(house.clients, "eu-west-1", house.account.caller))
        assert [picture.complete for picture in pictures] == [False] * 6 + [True]
        assert not comes.is_set()
    finally:
        comes.set()

"""Whether the account manages an organization: optional, never a reason to wait or to fail."""

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
def managed_by(shared_account: Any) -> Iterator[Callable[[str], None]]:
    """Return a function that puts the account into an organization with a management account."""

    def manage(account_id: str) -> None:
        shared_account.demo._server.run_locked(lambda world: setattr(world, "management_account", account_id))

    yield manage
    manage("")


def asked(shared_account: Any) -> bool | None:
    return manages_organization(
        Api(shared_account.clients, silent_context("organization")), shared_account.demo.account_id
    )


def test_an_account_manages_its_organization_or_another_does_or_there_is_none(
    shared_account: Any, managed_by: Any
) -> None:
    assert asked(shared_account) is False
    managed_by(OTHER)
    assert asked(shared_account) is False
    managed_by(shared_account.demo.account_id)
    assert asked(shared_account) is True
    *_, account = assess.assess(shared_account.clients, "eu-west-1", shared_account.account.caller)
    assert account.management is True


@pytest.mark.parametrize(
    "refusal",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeOrganization"),
        EndpointConnectionError(endpoint_url="https://organizations.us-east-1.amazonaws.com"),
        RuntimeError("out of order"),
    ],
)
def test_a_denied_read_is_unknown_and_fails_nothing(
    shared_account: Any, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def refuse(**_: Any) -> Any:
        raise refusal

    monkeypatch.setattr(shared_account.clients.get("organizations", writes=False), "describe_organization", refuse)
    pictures = list(assess.assess(shared_account.clients, "eu-west-1", shared_account.account.caller))
    assert pictures[-1].complete
    assert pictures[-1].management is None


def test_a_missing_answer_does_not_delay_the_assessment(shared_account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    comes = threading.Event()
    monkeypatch.setattr(assess, "ASIDE_S", 0.02)
    client = shared_account.clients.get("organizations", writes=False)
    monkeypatch.setattr(client, "describe_organization", lambda **_: comes.wait(20))
    try:
        pictures = list(assess.assess(shared_account.clients, "eu-west-1", shared_account.account.caller))
        assert [picture.complete for picture in pictures] == [False] * 6 + [True]
        assert not comes.is_set()
    finally:
        comes.set()

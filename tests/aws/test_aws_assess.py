"""The assessment: every part is read on its own, and an unreadable part is named and hides no other."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from breakglass_tui.aws import assess, iam_lists
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.kms_keys import UNREADABLE
from breakglass_tui.domain.account import Account, AccountList, AdminPolicy, Caller, PasswordPolicy
from breakglass_tui.domain.problems import Problem


@pytest.fixture
def clients(shared_account: Any) -> Clients:
    return shared_account.clients


@pytest.fixture
def deny(shared_account: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes an operation fail."""

    def force(service: str, operation: str, error: Exception | None = None, region: str = "") -> None:
        client = shared_account.clients.get(service, region=region, writes=False)
        metadata = {"HTTPStatusCode": 403, "RequestId": "r"}
        body = {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": metadata}

        def refuse(**_: Any) -> Any:
            raise error or ClientError(body, operation)

        monkeypatch.setattr(client, operation, refuse)

    return force


def read(clients: Clients, caller: Caller) -> list[Account]:
    return list(assess.assess(clients, "eu-west-1", caller))


@pytest.fixture
def caller(shared_account: Any) -> Caller:
    return shared_account.account.caller


def test_the_caller_has_the_alias_of_the_account(clients: Clients) -> None:
    caller = assess.identify(clients)
    assert (caller.account_id, caller.alias, caller.partition) == ("123456789012", "acme-sandbox", "aws")
    assert caller.principal == "user/ops-admin"


def test_an_alias_that_may_not_be_read_is_blank(clients: Clients, deny: Any) -> None:
    deny("iam", "list_account_aliases")
    assert assess.identify(clients).alias == ""


def test_an_answer_without_a_caller_is_a_problem(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients.get("sts", writes=False), "get_caller_identity", lambda **_: {})
    with pytest.raises(Problem, match="lost"):
        assess.identify(clients)


def test_the_snapshots_grow_and_the_last_is_complete(clients: Clients, caller: Caller) -> None:
    pictures = read(clients, caller)
    assert len(pictures) == 8
    complete = [picture.complete for picture in pictures]
    assert complete == sorted(complete)
    assert complete[-1]
    known = [sum(part is not None for part in (p.regions, p.admin_policy, p.groups, p.roles)) for p in pictures]
    assert known == sorted(known)


def test_the_seeded_account_is_read_completely(clients: Clients, caller: Caller, shared_account: Any) -> None:
    account = read(clients, caller)[-1]
    assert isinstance(account.admin_policy, AdminPolicy)
    assert account.admin_policy.document["Statement"][0]["Action"] == "*"
    assert isinstance(account.password_policy, PasswordPolicy)
    said = shared_account.iam.get_account_password_policy()["PasswordPolicy"]
    assert account.password_policy.minimum_length == said["MinimumPasswordLength"]
    ireland = next(region for region in account.regions.items if region.name == "eu-west-1")
    assert (ireland.description, ireland.opt_in) == ("Europe (Ireland)", "opt-in-not-required")
    assert "not-opted-in" in {region.opt_in for region in account.regions.items}
    assert {"emergency"} <= {group.name for group in account.groups.items}
    emergency = next(role for role in account.roles.items if role.name == "EmergencyAdmin")
    assert emergency.trust["Statement"][0]["Principal"]["AWS"].endswith(":root")
    labels = {key.label: key.obstacle for key in account.keys.items}
    assert labels["alias/break-glass"] == ""
    assert {"pending deletion", "disabled"} <= set(labels.values())


def test_listings_of_many_pages_are_read_to_the_end(
    clients: Clients, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(clients, caller)[-1]
    monkeypatch.setattr(iam_lists, "PAGE", 3)
    paged = read(clients, caller)[-1]
    for part in ("users", "groups", "roles"):
        assert len(getattr(whole, part).items) > 3
        assert getattr(paged, part) == getattr(whole, part)


@pytest.mark.parametrize(
    ("service", "operation", "part"),
    [
        ("iam", "list_users", "users"),
        ("iam", "list_groups", "groups"),
        ("iam", "list_roles", "roles"),
        ("kms", "list_keys", "keys"),
        ("kms", "list_aliases", "keys"),
    ],
)
def test_a_denied_list_is_a_problem_of_that_list_alone(
    clients: Clients, caller: Caller, deny: Any, service: str, operation: str, part: str
) -> None:
    deny(service, operation, region="eu-west-1")
    account = read(clients, caller)[-1]
    assert account.complete
    listing = getattr(account, part)
    assert not listing.verified
    assert listing.problem.code == "AccessDenied"
    others = {"users", "groups", "roles", "keys", "regions"} - {part}
    assert all(getattr(account, other).verified for other in others)


def test_an_unexpected_answer_is_a_problem_of_that_part_alone(clients: Clients, caller: Caller, deny: Any) -> None:
    deny("iam", "list_users", RuntimeError("no such operation"))
    account = read(clients, caller)[-1]
    assert account.complete
    assert account.users.problem is not None
    assert account.groups.verified


@pytest.mark.parametrize("operation", ["get_policy", "get_policy_version"])
def test_a_denied_administratoraccess_is_a_problem(clients: Clients, caller: Caller, deny: Any, operation: str) -> None:
    deny("iam", operation)
    assert isinstance(read(clients, caller)[-1].admin_policy, Problem)


def test_a_denied_password_policy_is_a_problem(clients: Clients, caller: Caller, deny: Any) -> None:
    deny("iam", "get_account_password_policy")
    assert isinstance(read(clients, caller)[-1].password_policy, Problem)


def test_an_account_without_a_password_policy_has_the_default_of_aws(
    clients: Clients, caller: Caller, deny: Any
) -> None:
    body: Any = {"Error": {"Code": "NoSuchEntity", "Message": "none"}, "ResponseMetadata": {}}
    deny("iam", "get_account_password_policy", ClientError(body, "GetAccountPasswordPolicy"))
    assert read(clients, caller)[-1].password_policy == PasswordPolicy()


def test_regions_come_from_ec2_when_the_account_service_is_denied(
    clients: Clients, caller: Caller, deny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny("account", "list_regions")
    region = {"RegionName": "eu-west-1", "OptInStatus": "opt-in-not-required"}
    listed = {"Regions": [region], "ResponseMetadata": {"RequestId": "req-1"}}
    monkeypatch.setattr(clients.get("ec2", writes=False), "describe_regions", lambda **_: listed, raising=False)
    regions = read(clients, caller)[-1].regions
    assert regions.verified
    assert [(region.name, region.opt_in) for region in regions.items] == [("eu-west-1", "opt-in-not-required")]


def test_regions_that_aws_does_not_list_are_botocores_and_unverified(
    clients: Clients, caller: Caller, deny: Any
) -> None:
    deny("account", "list_regions")
    deny("ec2", "describe_regions")
    regions = read(clients, caller)[-1].regions
    assert not regions.verified
    assert {region.opt_in for region in regions.items} == {"unverified"}
    assert all(region.enabled for region in regions.items)
    names = [region.name for region in regions.items]
    assert "eu-west-1" in names
    assert not [name for name in names if "global" in name or name.startswith("cn-")]


def test_a_key_that_may_not_be_described_is_shown_and_cannot_be_chosen(
    clients: Clients, caller: Caller, deny: Any
) -> None:
    deny("kms", "describe_key", region="eu-west-1")
    keys = read(clients, caller)[-1].keys
    assert keys.verified
    assert {key.obstacle for key in keys.items} <= {UNREADABLE, "belongs to an AWS service"}
    assert "alias/break-glass" in {key.label for key in keys.items}


def test_the_keys_of_another_region_are_read_on_demand(clients: Clients) -> None:
    assert isinstance(assess.keys_of(clients, "us-east-1"), AccountList)


def test_a_region_that_refuses_valid_credentials_may_not_be_enabled(clients: Clients, deny: Any) -> None:
    body: Any = {"Error": {"Code": "UnrecognizedClientException", "Message": "no"}, "ResponseMetadata": {}}
    deny("kms", "list_aliases", ClientError(body, "ListAliases"), region="af-south-1")
    problem = assess.keys_of(clients, "af-south-1").problem
    assert problem is not None
    assert "may not be enabled" in problem.why


def test_leaving_the_assessment_early_does_not_wait_for_the_rest(clients: Clients, caller: Caller) -> None:
    pictures = assess.assess(clients, "eu-west-1", caller)
    assert isinstance(next(pictures), Account)
    pictures.close()  # type: ignore[attr-defined]

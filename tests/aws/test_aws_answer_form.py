"""Identifiers in answers: an endpoint that lies gives a problem, and never a value."""

from __future__ import annotations

import pytest

from breakglass_tui.aws import assess
from breakglass_tui.aws.answer_form import FIELDS, require_identifiers
from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.problems import Problem

HOSTILE = ("$(id)", "a b", "x\x1b[31m", "[/]", "<b>x</b>", "a\nb", "`id`", "'; id #", "\u202ea", "٣", "x" * 3000, 7)
LEGAL = {
    "Account": ("000000000000", "123456789012"),
    "AccountAliases": (["acme-sandbox"], []),
    "Arn": (
        "arn:aws:iam::123456789012:user/a/$(id)`'\"/n+=,.@_-",
        "arn:aws-us-gov:iam::123456789012:root",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:sts::123456789012:assumed-role/Ops/alice@example.com",
        "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef",
    ),
    "UserName": ("n+=,.@_-", "..", "-x"),
    "Path": ("/", "/a/$(id)/"),
    "SerialNumber": ("arn:aws:iam::123456789012:mfa/n+=,.@_-", "GAHT12345678", "arn:aws:iam::1:u2f/user/n/k-ABC"),
    "KeyId": ("12345678-aaaa-bbbb-cccc-000000000001", "arn:aws:kms:eu-west-1:123456789012:alias/k"),
    "AliasName": ("alias/aws/ebs", "alias/Break-Glass_1"),
    "SubscriptionArn": ("PendingConfirmation", "arn:aws:sns:eu-west-1:123456789012:topic:abc"),
    "RegionName": ("us-gov-east-1", "eusc-de-east-1", "us-isob-east-1"),
    "DefaultVersionId": ("v1", "v12.alpha"),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_another_form_is_a_problem_that_names_the_field(field, value):
    for part in ({field: value}, {"List": [{"Item": {field: value}}]}, {field: [value]}):
        with pytest.raises(Problem) as raised:
            require_identifiers("iam:ListUsers", part)
        problem = raised.value
        assert problem.what == "The answer to iam:ListUsers does not come from AWS."
        assert f"In its field {field}, " in problem.why
        assert str(problem).isprintable()
        assert "--endpoint-url" in problem.next
        assert len(str(problem)) < 400


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in LEGAL.items() for value in values])
def test_what_aws_returns_is_accepted(field, value):
    require_identifiers("iam:ListUsers", {"Items": [{field: value}]})


@pytest.mark.parametrize("value", ["", None, [], {}])
def test_an_empty_value_is_left_to_the_caller(value):
    require_identifiers("iam:ListUsers", dict.fromkeys(FIELDS, value))


def test_documents_and_tags_are_no_identifiers():
    free = {"UserName": "$(id)", "Arn": "\x1b"}
    tags = [{"Key": "Arn", "Value": "[/]"}]
    answer = {"PolicyDocument": free, "AssumeRolePolicyDocument": free, "Tags": tags, "Description": "$(id)"}
    require_identifiers("iam:GetRole", {"Role": answer, "PolicyVersion": {"Document": free}})


def test_the_user_id_of_a_caller_can_name_a_session():
    require_identifiers("sts:GetCallerIdentity", {"UserId": "AROA123456789EXAMPLE:alice@example.com"})
    with pytest.raises(Problem):
        require_identifiers("iam:GetUser", {"User": {"UserId": "AROA123456789EXAMPLE:alice@example.com"}})


@pytest.fixture
def lie(lab, lab_clock, monkeypatch):
    """Return a function that changes the answers of an operation, and returns the clients."""

    def lying(service, operation, change):
        clients = Clients(lab.clients._session, endpoint_url=lab.endpoint)
        for writes in (True, False):
            client = clients.get(service, region="eu-west-1" if service == "kms" else "", writes=writes)
            real = getattr(client, operation)

            def answer(real=real, **parameters):
                found = real(**parameters)
                change(found)
                return found

            monkeypatch.setattr(client, operation, answer)
        return clients

    return lying


@pytest.mark.parametrize(
    "change",
    [
        {"Account": "$(touch gone)"},
        {"Account": "12345678901"},
        {"Arn": "arn:aws:iam::123456789012:user/x y"},
        {"Arn": "[bold]"},
        {"UserId": "\x1b[31m"},
        {"Account": "999999999999"},
    ],
)
def test_a_lie_about_the_caller_ends_the_sign_in(lie, change):
    clients = lie("sts", "get_caller_identity", lambda found: found.update(change))
    with pytest.raises(Problem) as raised:
        assess.identify(clients)
    assert str(raised.value).isprintable()
    assert raised.value.next


@pytest.mark.parametrize(
    ("part", "service", "operation", "change"),
    [
        ("users", "iam", "list_users", lambda found: found["Users"][0].update(UserName="$(id)")),
        ("users", "iam", "list_users", lambda found: found["Users"][0].update(Path="/a b/")),
        ("groups", "iam", "list_groups", lambda found: found["Groups"][0].update(GroupName="[/]")),
        ("groups", "iam", "list_groups", lambda found: found["Groups"][0].update(Arn="a\nb")),
        ("roles", "iam", "list_roles", lambda found: found["Roles"][0].update(RoleName="`id`")),
        ("roles", "iam", "list_roles", lambda found: found["Roles"][0].update(Arn="arn:x")),
        ("keys", "kms", "list_aliases", lambda found: found["Aliases"][0].update(AliasName="alias/$(id)")),
        ("keys", "kms", "list_keys", lambda found: found["Keys"][0].update(KeyId="x;y")),
        ("admin_policy", "iam", "get_policy", lambda found: found["Policy"].update(DefaultVersionId="v1;id")),
    ],
)
def test_a_lie_in_a_list_makes_that_list_unreadable_and_no_other(lie, lab, part, service, operation, change):
    clients = lie(service, operation, change)
    *_, account = assess.assess(clients, "eu-west-1", lab.account.caller)
    found = getattr(account, part)
    problem = found.problem if isinstance(found, AccountList) else found
    assert problem.code == "UnexpectedIdentifier"
    others = {"users", "groups", "roles", "keys"} - {part}
    assert all(getattr(account, name).verified for name in others)


def test_a_lie_about_an_alias_is_left_out(lie):
    clients = lie("iam", "list_account_aliases", lambda found: found.update(AccountAliases=["[@click=quit]x"]))
    assert assess.identify(clients).alias == ""


def test_a_lie_about_a_new_access_key_leaves_none_behind(lab, lie, monkeypatch):
    lab.iam.create_user(UserName=lab.name)
    clients = lie("iam", "create_access_key", lambda found: found["AccessKey"].update(AccessKeyId="$(id)"))
    with pytest.raises(Problem) as raised:
        Api(clients, silent_context("test")).call_part("iam:CreateAccessKey", "AccessKey", UserName=lab.name)
    assert raised.value.code == "UnexpectedIdentifier"
    lab.iam.delete_access_key(UserName=lab.name, AccessKeyId=lab.keys(lab.name)[0])
    monkeypatch.setattr(lab, "clients", clients)
    monkeypatch.setattr(lab.cloud, "_clients", clients)
    outcome = lab.run(lab.setup(access="programmatic", seal_to=[custodian()], user_name=f"{lab.name}-2"))
    assert outcome.record.status == "undone"
    assert not lab.exists(f"{lab.name}-2")


def custodian():
    return "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

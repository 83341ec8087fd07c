"""A proxy that adds a Deny to the AdministratorAccess that AWS returns."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, unquote

import boto3
import pytest
from fault_proxy import FaultProxy, _operation

from breakglass_tui.aws import assess
from breakglass_tui.aws.checks.inline_policy import InlinePolicyCheck
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Subject

DENY = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
SAYS = "Deny iam:* on * takes permissions away"


class DenyingProxy(FaultProxy):
    """A proxy that adds ``DENY`` to each document in an answer of iam:GetPolicyVersion."""

    def forward(self, raw):
        """Return the answer of the account, with the added statement."""
        answer = super().forward(raw)
        if _operation(raw) != "iam:GetPolicyVersion":
            return answer
        head, _, body = answer.partition(b"\r\n\r\n")
        body = re.sub(rb"(?<=<Document>)[^<]+", _with_deny, body)
        length = b"Content-Length: %d" % len(body)
        return re.sub(rb"(?i)content-length: *[0-9]+", length, head) + b"\r\n\r\n" + body


def _with_deny(found):
    document = json.loads(unquote(found[0].decode()))
    return quote(json.dumps({**document, "Statement": [*document["Statement"], DENY]})).encode()


@pytest.fixture
def behind_proxy(lab, monkeypatch):
    """Make all calls of the program pass the proxy, and return the proxy and the account as read through it."""
    proxy = DenyingProxy(lab.endpoint)
    session = boto3.Session(lab.demo.access_key_id, lab.demo.secret_access_key, region_name="eu-west-1")
    clients = Clients(session, endpoint_url=proxy.url)
    monkeypatch.setattr(lab, "clients", clients)
    monkeypatch.setattr(lab.cloud, "_clients", clients)
    *_, account = assess.assess(clients, "eu-west-1", assess.identify(clients))
    yield proxy, account
    proxy.close()


def test_a_deny_added_on_the_way_ends_the_run_before_any_write(lab, behind_proxy):
    proxy, account = behind_proxy
    outcome = lab.run(lab.setup(account), with_preflight=True)
    failed = [
        event.result
        for event in outcome.events
        if isinstance(event, e.PreflightFinished) and event.result.status is CheckStatus.FAIL
    ]
    assert [result.id for result in failed] == ["policy-readable"]
    assert SAYS in failed[0].found
    assert outcome.record.status is e.RunStatus.UNDONE
    assert proxy.reached["iam:GetPolicyVersion"] > 0
    assert not [name for name in proxy.reached if name.startswith(("iam:Create", "iam:Put", "iam:Add"))]
    assert not lab.exists(lab.name)


def test_a_user_that_got_the_changed_policy_fails_the_validation(lab, behind_proxy):
    _, account = behind_proxy
    changed = json.dumps(dict(account.admin_policy.document))
    lab.iam.create_user(UserName=lab.name)
    lab.iam.put_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME, PolicyDocument=changed)
    (result,) = inspected(lab, Subject(lab.name, account))
    assert result.status is CheckStatus.FAIL
    assert f"not expected: {SAYS.removesuffix(' takes permissions away')}" in result.found
    assert "Deny" not in result.remedy.partition("--policy-document")[2]


def test_a_user_with_the_published_policy_has_only_a_warning_about_the_proxy(lab, behind_proxy):
    _, account = behind_proxy
    document = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    lab.iam.create_user(UserName=lab.name)
    lab.iam.put_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME, PolicyDocument=document)
    (result,) = inspected(lab, Subject(lab.name, account))
    assert result.status is CheckStatus.WARN
    assert SAYS in result.found
    assert "equals AdministratorAccess" in result.found


def inspected(lab, subject):
    record = RunRecord()
    for event in CheckRunner((InlinePolicyCheck(lab.clients, subject),), lab.clock).events():
        record.apply(event)
    return tuple(record.checks.values())

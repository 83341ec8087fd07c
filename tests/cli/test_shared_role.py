"""Two processes add their users to the trust policy of one role at the same time, and both statements stay."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from console import headless
from fault_proxy import FaultProxy

from breakglass_tui.demo.demo_account import DemoAccount

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
ROLE = "shared"
MEETING_S = 8.0


class MeetingProxy(FaultProxy):
    """A proxy that holds the first update of a trust policy until a second one arrives, or ``MEETING_S`` pass."""

    def __init__(self, upstream):
        super().__init__(upstream)
        self._meeting = threading.Barrier(2)

    def answer(self, raw):
        if b"Action=UpdateAssumeRolePolicy" in raw:
            with contextlib.suppress(threading.BrokenBarrierError):
                self._meeting.wait(MEETING_S)
        return super().answer(raw)


@pytest.fixture
def account():
    with DemoAccount() as demo:
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        demo.iam = session.client("iam", endpoint_url=demo.start())
        demo.proxy = MeetingProxy(demo.start())
        yield demo
        demo.proxy.close()


def apply(account, directory, name, arn):
    request = directory / f"{name}.json"
    fields = {"region": "eu-west-1", "user_name": name, "role_arn": arn, "access": "programmatic"}
    request.write_text(json.dumps({**fields, "seal_to": [RECIPIENT]}))
    keys = {"AWS_ACCESS_KEY_ID": account.access_key_id, "AWS_SECRET_ACCESS_KEY": account.secret_access_key}
    words = ("apply", "--yes", "--json", "--request", request, "--out", directory / name)
    return headless("--endpoint-url", account.proxy.url, *words, env={**os.environ, **keys})


def test_two_processes_on_one_role_both_keep_their_statement(account, tmp_path):
    root = {"AWS": f"arn:aws:iam::{account.account_id}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = account.iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda name: apply(account, tmp_path, name, arn), ("bg-one", "bg-two")))

    checks = [{check["id"]: check["status"] for check in json.loads(each.stdout)["checks"]} for each in ran]
    assert [each["role-trust"] for each in checks] == ["pass", "pass"], [each.stderr for each in ran]
    after = account.iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    users = {each["Principal"]["AWS"].rsplit("/")[-1] for each in after}
    assert users == {f"arn:aws:iam::{account.account_id}:root", "bg-one", "bg-two"}

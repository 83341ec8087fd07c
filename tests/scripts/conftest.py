"""A simulated account for the scripts, and what it contains."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import live_account
import pytest
from live_experiments import EXPERIMENTS

from breakglass_tui.demo.demo_account import DemoAccount


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoAccount]:
    with DemoAccount() as account:
        yield account


@pytest.fixture
def environment(demo: DemoAccount, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put the operator's credentials into the environment of this process, and return a copy for a child."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", demo.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", demo.secret_access_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", demo.default_region)
    return dict(os.environ)


@pytest.fixture(scope="module")
def iam(demo: DemoAccount) -> Any:
    session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name=demo.default_region)
    return session.client("iam", endpoint_url=demo.start())


@pytest.fixture(scope="module")
def contents(iam: Any) -> Callable[[], Any]:
    """Return a function that returns everything that IAM has in the account, without dates of use."""

    def read() -> Any:
        details = iam.get_account_authorization_details()
        users = [user["UserName"] for user in iam.list_users()["Users"]]
        return {
            "roles": {role["RoleName"]: role["AssumeRolePolicyDocument"] for role in details["RoleDetailList"]},
            "users": {
                name: (
                    iam.list_user_policies(UserName=name)["PolicyNames"],
                    [key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]],
                    [device["SerialNumber"] for device in iam.list_mfa_devices(UserName=name)["MFADevices"]],
                )
                for name in users
            },
            "devices": sorted(device["SerialNumber"] for device in iam.list_virtual_mfa_devices()["VirtualMFADevices"]),
            "policies": sorted(policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]),
            "groups": sorted(group["GroupName"] for group in iam.list_groups()["Groups"]),
        }

    return read


@pytest.fixture
def arguments(demo: DemoAccount, environment: dict[str, str]) -> list[str]:
    return ["--account-id", demo.account_id, "--endpoint-url", demo.start(), "--yes", "--rate-seconds", "0.5"]


@pytest.fixture
def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any, str]]:
    """Return a function that runs the script in this process, and returns its exit code, document and messages."""

    def run_(*more: str, experiments: Any = EXPERIMENTS) -> tuple[int, Any, str]:
        code = live_account.main([*arguments, "--json", *more], experiments)
        shown = capsys.readouterr()
        return code, json.loads(shown.out) if shown.out else None, shown.err

    return run_

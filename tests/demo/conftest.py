"""One started demo account for all tests, clients on it, and words for what is expected."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair

Door = Callable[..., Any]


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoAccount]:
    with DemoAccount() as account:
        yield account


@pytest.fixture(scope="session")
def door() -> Door:
    """A client: of which account, for which service, with whose keys."""
    session = boto3.Session()
    config = Config(proxies={}, retries={"total_max_attempts": 1})
    kept: dict[Any, Any] = {}

    def client(account: DemoAccount, service: str, keys: tuple[str, ...] = (), region: str = "eu-west-1") -> Any:
        who = keys or (account.access_key_id, account.secret_access_key)
        wanted = (account.start(), service, who, region)
        if wanted not in kept:
            kept[wanted] = session.client(
                service,
                region_name=region,
                endpoint_url=account.start(),
                aws_access_key_id=who[0],
                aws_secret_access_key=who[1],
                aws_session_token=who[2] if len(who) > 2 else None,
                config=config,
            )
        return kept[wanted]

    return client


@pytest.fixture
def iam(demo: DemoAccount, door: Door) -> Any:
    return door(demo, "iam")


@pytest.fixture
def kms(demo: DemoAccount, door: Door) -> Any:
    return door(demo, "kms")


@pytest.fixture
def as_key(demo: DemoAccount, door: Door) -> Callable[[str, Any], Any]:
    """A client with the keys that CreateAccessKey, AssumeRole or GetSessionToken gave."""

    def client(service: str, key: Any) -> Any:
        token = (key["SessionToken"],) if "SessionToken" in key else ()
        return door(demo, service, (key["AccessKeyId"], key["SecretAccessKey"], *token))

    return client


@pytest.fixture
def unique() -> Callable[[], str]:
    return lambda: f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def user(iam: Any, unique: Callable[[], str]) -> str:
    """A user of its own for one test."""
    name = unique()
    iam.create_user(UserName=name, Path="/breakglass/")
    return name


@pytest.fixture
def refused() -> Callable[..., AbstractContextManager[None]]:
    """What stands inside must be refused with this code (and this in the message)."""

    @contextmanager
    def expect(code: str, text: str = "") -> Iterator[None]:
        with pytest.raises(ClientError) as caught:
            yield
        error = caught.value.response["Error"]
        assert error["Code"] == code
        assert text in error["Message"]

    return expect


@pytest.fixture
def document() -> Callable[..., str]:
    """A policy of one statement."""

    def make(effect: str = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> str:
        statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return make


@pytest.fixture
def enrolled(iam: Any, unique: Callable[[], str]) -> Callable[[str], tuple[str, str]]:
    """Give a user an MFA device by its real codes; the serial number, and the code after those."""

    def enrol(name: str) -> tuple[str, str]:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique())["VirtualMFADevice"]
        serial, seed, now = device["SerialNumber"], Secret(device["Base32StringSeed"].decode()), time.time()
        first, second = code_pair(seed, now)
        iam.enable_mfa_device(UserName=name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
        return serial, code_pair(seed, now + PERIOD_S)[1]

    return enrol

"""One simulated account for all tests, clients for it, and assertions about its errors."""

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

ClientFactory = Callable[..., Any]


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoAccount]:
    with DemoAccount() as account:
        yield account


@pytest.fixture(scope="session")
def client_for() -> ClientFactory:
    """Return a function that returns a client for an account, a service, access keys and a Region."""
    session = boto3.Session()
    config = Config(proxies={}, retries={"total_max_attempts": 1})
    clients: dict[Any, Any] = {}

    def client(account: DemoAccount, service: str, keys: tuple[str, ...] = (), region: str = "eu-west-1") -> Any:
        credentials = keys or (account.access_key_id, account.secret_access_key)
        key = (account.start(), service, credentials, region)
        if key not in clients:
            clients[key] = session.client(
                service,
                region_name=region,
                endpoint_url=account.start(),
                aws_access_key_id=credentials[0],
                aws_secret_access_key=credentials[1],
                aws_session_token=credentials[2] if len(credentials) > 2 else None,
                config=config,
            )
        return clients[key]

    return client


@pytest.fixture
def iam(demo: DemoAccount, client_for: ClientFactory) -> Any:
    return client_for(demo, "iam")


@pytest.fixture
def kms(demo: DemoAccount, client_for: ClientFactory) -> Any:
    return client_for(demo, "kms")


@pytest.fixture
def as_key(demo: DemoAccount, client_for: ClientFactory) -> Callable[[str, Any], Any]:
    """Return a function that returns a client with the result of CreateAccessKey, AssumeRole or GetSessionToken."""

    def client(service: str, key: Any) -> Any:
        token = (key["SessionToken"],) if "SessionToken" in key else ()
        return client_for(demo, service, (key["AccessKeyId"], key["SecretAccessKey"], *token))

    return client


@pytest.fixture
def unique() -> Callable[[], str]:
    return lambda: f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def user(iam: Any, unique: Callable[[], str]) -> str:
    """Create a user for one test, and return its name."""
    name = unique()
    iam.create_user(UserName=name, Path="/breakglass/")
    return name


@pytest.fixture
def refused() -> Callable[..., AbstractContextManager[None]]:
    """Return a context manager. Its block must be refused with this code, and with this text in the message."""

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
    """Return a function that returns a policy with one statement."""

    def make(effect: str = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> str:
        statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return make


@pytest.fixture
def enrolled(iam: Any, unique: Callable[[], str]) -> Callable[[str], tuple[str, str]]:
    """Return a function that enrols an MFA device and returns its serial number and the next code."""

    def enrol(name: str) -> tuple[str, str]:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique())["VirtualMFADevice"]
        serial, seed, now = device["SerialNumber"], Secret(device["Base32StringSeed"].decode()), time.time()
        first, second = code_pair(seed, now)
        iam.enable_mfa_device(UserName=name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
        return serial, code_pair(seed, now + PERIOD_S)[1]

    return enrol

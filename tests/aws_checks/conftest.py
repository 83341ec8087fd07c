"""A simulated account, users created in it with boto3, and a clock that moves only while a test waits."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pyotp
import pytest
from aws_shell import PROFILE, aws_server, paste_as_operator
from botocore.exceptions import ClientError
from remedy_form import require_pasteable

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.mfa_codes import MfaCodeSource
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.overlay import totp_check
from breakglass_tui.domain.account import Account, AccountList, AdminPolicy, Caller, Group, Role
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.events import CheckFinished
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, admin_policy_arn
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Setup, Subject
from breakglass_tui.engine.plan import Check
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

PATH = "/breakglass/"
OWN = ("mfa_serial", "user_id", "access_key_id", "envelopes")
PASSWORD = "Kept-Nowhere-77-Kept"


class FrozenClock:
    """A clock that moves only during a wait. ``waited`` is the sum of the seconds."""

    def __init__(self) -> None:
        self.waited = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.waited)

    def ticks(self) -> float:
        return self.waited


class NeverStop:
    """A replacement for the stop event. Waiting takes no time and only moves the clock."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock

    def wait(self, seconds: float) -> bool:
        self._clock.waited += seconds
        return False

    def is_set(self) -> bool:
        return False


@dataclass
class Bench:
    """The account, its clients and its clock, as a test needs them."""

    iam: Any
    clients: Clients
    account: Account
    clock: FrozenClock = field(default_factory=FrozenClock)

    def inspect(self, check: Check) -> CheckResult:
        """Return the result that the engine publishes, with its calls. Waits take no real time."""
        inspection = CheckRunner((check,), self.clock)
        inspection._stop = NeverStop(self.clock)  # type: ignore[assignment]
        results = [event.result for event in inspection.events() if isinstance(event, CheckFinished)]
        assert len(results) == 1
        require_pasteable(results[0])
        return results[0]

    def role(self, trust: dict[str, Any]) -> str:
        """Create a role for one test and return its ARN."""
        name = next(_names)
        return str(self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"])

    def key_for(self, user: Made) -> Made:
        """Create an access key for ``user`` and put its secret into the vault."""
        key = self.iam.create_access_key(UserName=user.name)["AccessKey"]
        user.vault.put("access-key", Secret(key["SecretAccessKey"]))
        return replace(user, access_key_id=key["AccessKeyId"])

    def boto(self, service: str, region: str = "eu-west-1") -> Any:
        """Return a client of another service with the operator's credentials."""
        return self.clients.get(service, region=region, writes=True)

    def device_for(self, user: Made) -> str:
        """Enrol a virtual MFA device, put its seed into the user's vault, and return its serial number."""
        made = self.iam.create_virtual_mfa_device(VirtualMFADeviceName=next(_names))["VirtualMFADevice"]
        totp = pyotp.TOTP(made["Base32StringSeed"].decode())
        now = int(self.clock.now().timestamp())
        self.iam.enable_mfa_device(
            UserName=user.name,
            SerialNumber=made["SerialNumber"],
            AuthenticationCode1=totp.at(now - 30),
            AuthenticationCode2=totp.at(now),
        )
        MfaCodeSource.remember(user.vault, Secret(made["Base32StringSeed"].decode()), self.clock)
        return str(made["SerialNumber"])

    def setup(self, directory: Path, **fields: Any) -> Setup:
        """Return a setup whose request has ``fields``."""
        request = parse_request({"region": "eu-west-1", "user_name": next(_names), **fields})
        envelopes = Envelopes(directory, account_id=self.account.caller.account_id, run_id="run")
        return Setup("run", request, self.account, envelopes, Vault())


@dataclass(frozen=True)
class Made:
    """A user in the account."""

    name: str
    arn: str
    id: str
    account: Account
    vault: Vault = field(default_factory=Vault)
    access_key_id: str = ""

    def subject(self, **expected: Any) -> Subject:
        """Return the user as the process that created it sees it. ``expected`` are fields of a request or a subject."""
        own = {key: expected.pop(key) for key in OWN if key in expected}
        subject = Subject(
            self.name,
            self.account,
            self.request(**expected),
            self.vault,
            created_here=True,
            user_id=self.id,
            access_key_id=self.access_key_id,
        )
        return replace(subject, **own)

    def seen_by_another_process(self, **expected: Any) -> Subject:
        """Return the user as another process sees it. It has a request only if ``expected`` has fields."""
        return Subject(self.name, self.account, self.request(**expected) if expected else None)

    def request(self, **fields: Any) -> SetupRequest:
        """Return a request for this user."""
        return parse_request({"region": "eu-west-1", "user_name": self.name, **fields})


_names = (f"bg-{number}" for number in itertools.count())


@pytest.fixture(scope="session")
def simulated() -> Iterator[DemoAccount]:
    """One simulated account for all tests. Every test creates its own users."""
    with DemoAccount() as account:
        yield account


@pytest.fixture(scope="session")
def session(simulated: DemoAccount) -> boto3.Session:
    """One session for all tests, because the first client of a session is slow."""
    return boto3.Session(simulated.access_key_id, simulated.secret_access_key, region_name="eu-west-1")


@pytest.fixture(scope="session")
def iam(simulated: DemoAccount, session: boto3.Session) -> Any:
    """The client with which tests read and change the account."""
    return session.client("iam", endpoint_url=simulated.start())


@pytest.fixture(scope="session")
def assessed(simulated: DemoAccount, session: boto3.Session, iam: Any) -> Account:
    """The account before any test has changed it."""
    identity = session.client("sts", endpoint_url=simulated.start()).get_caller_identity()
    caller = Caller(identity["Account"], identity["Arn"], identity["UserId"])
    arn = admin_policy_arn("aws")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    roles = tuple(Role(r["RoleName"], r["Arn"], r["AssumeRolePolicyDocument"]) for r in iam.list_roles()["Roles"])
    groups = tuple(Group(group["GroupName"], group["Arn"]) for group in iam.list_groups()["Groups"])
    admin = AdminPolicy(arn, version, document)
    return Account(caller, "eu-west-1", admin_policy=admin, roles=AccountList(roles), groups=AccountList(groups))


@pytest.fixture
def bench(
    simulated: DemoAccount, session: boto3.Session, iam: Any, assessed: Account, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    """Clients of one test, so that a forced fault does not affect other tests. MFA codes follow its clock."""
    bench = Bench(iam, Clients(session, endpoint_url=simulated.start(), profile=PROFILE), assessed)
    monkeypatch.setattr(totp_check, "time", SimpleNamespace(time=lambda: bench.clock.now().timestamp()))
    return bench


@pytest.fixture
def make_user(bench: Bench) -> Callable[..., Made]:
    """Return a function that creates a user with boto3. ``console`` is the reset flag of its password, if any."""

    def make(
        *,
        path: str = PATH,
        tags: dict[str, str] | None = None,
        policy: Any = None,
        console: bool | None = None,
        name: str = "",
    ) -> Made:
        tags = {"breakglass-tui:managed": "true"} if tags is None else tags
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        user = bench.iam.create_user(UserName=name or next(_names), Path=path, Tags=listed)["User"]
        if policy is not None:
            bench.iam.put_user_policy(
                UserName=user["UserName"], PolicyName=INLINE_POLICY_NAME, PolicyDocument=json.dumps(policy)
            )
        if console is not None:
            bench.iam.create_login_profile(UserName=user["UserName"], Password=PASSWORD, PasswordResetRequired=console)
        return Made(user["UserName"], user["Arn"], user["UserId"], bench.account)

    return make


@pytest.fixture
def refuse(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that makes an operation fail with ``code`` for its first ``times`` calls."""

    def force(
        operation: str, code: str, *, service: str = "iam", region: str = "", times: int = 10_000, clients: Any = None
    ) -> None:
        client = (clients or bench.clients).get(service, region=region, writes=False)
        real, left = getattr(client, operation), itertools.count(1)

        def answer(**parameters: Any) -> Any:
            if next(left) <= times:
                metadata = {"RequestId": "forced-request", "HTTPStatusCode": 403}
                raise ClientError(
                    {"Error": {"Code": code, "Message": "forced"}, "ResponseMetadata": metadata}, operation
                )
            return real(**parameters)

        monkeypatch.setattr(client, operation, answer)

    return force


@pytest.fixture
def bend(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that changes the answers of an operation."""

    def alter(operation: str, change: Callable[[Any], None], *, service: str = "iam") -> None:
        client = bench.clients.get(service, writes=False)
        real = getattr(client, operation)

        def answer(**parameters: Any) -> Any:
            found = real(**parameters)
            change(found)
            return found

        monkeypatch.setattr(client, operation, answer)

    return alter


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The real AWS CLI, loaded once."""
    with aws_server() as line:
        yield line


@pytest.fixture
def run(simulated: DemoAccount, aws: str, tmp_path: Path) -> Callable[[str], str]:
    """Return a function that pastes a command into the operator's shell and returns the output."""
    return lambda command: paste_as_operator(command, tmp_path, aws, simulated)

"""The base of every test: a separate home, a controlled clock, and an account in memory."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breakglass_tui.domain.account import (
    Account,
    AccountList,
    AdminPolicy,
    Caller,
    Group,
    KmsKey,
    PasswordPolicy,
    Region,
    Role,
    User,
)
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.endpoints import Endpoint, Place, place_of
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.permissions import Permission, action_names
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.cloud import Phase, Setup, Subject
from breakglass_tui.engine.plan import Change, Check, Plan, StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.sealed_file import KmsFile

# Thousands of short tests with the models of boto3 in memory: rare garbage collection saves a twelfth of the time.
gc.set_threshold(100_000, 50, 100)

ACCOUNT_ID = "123456789012"
CALLER = Caller(ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:user/ops-admin", "AIDAOPS", alias="acme-sandbox")
ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the AWS files and the home directory of the developer."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("AWS_", "XDG_")) or name == "REQUESTS_CA_BUNDLE"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@dataclass
class StillClock:
    """A clock that advances by one second with each read."""

    seconds: int = 0

    def now(self) -> datetime:
        """Return a time on a fixed day."""
        self.seconds += 1
        return datetime(2026, 11, 22, 9, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def ticks(self) -> float:
        """Return the same time in seconds."""
        self.seconds += 1
        return float(self.seconds)


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that only reads advance."""
    return StillClock()


@pytest.fixture
def account() -> Account:
    """Return an account with every part read."""
    return Account(
        caller=CALLER,
        region="eu-west-1",
        regions=AccountList((Region("eu-west-1", "opt-in-not-required"), Region("af-south-1", "not-opted-in"))),
        admin_policy=AdminPolicy("arn:aws:iam::aws:policy/AdministratorAccess", "v1", ADMIN),
        password_policy=PasswordPolicy(),
        users=AccountList((User("ops-admin"), User("Night-Shift"))),
        groups=AccountList((Group("emergency", f"arn:aws:iam::{ACCOUNT_ID}:group/emergency"),)),
        roles=AccountList((Role("EmergencyAdmin", f"arn:aws:iam::{ACCOUNT_ID}:role/EmergencyAdmin"),)),
        keys=AccountList(
            (
                KmsKey(KEY_ID, f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:key/{KEY_ID}", ("alias/break-glass",)),
                KmsKey("mrk-" + "0" * 32, "arn:aws:kms:eu-west-1:1:key/mrk", ("alias/old",), state="Disabled"),
            )
        ),
    )


@dataclass
class FakeStep:
    """A step that runs a function of the test, and records its calls."""

    id: str
    needs: frozenset[str] = frozenset()
    work: Callable[[StepContext], StepOutcome | None] | None = None
    unwork: Callable[[StepContext], None] | None = None
    log: list[str] = field(default_factory=list)
    observed: ObservedState = field(default_factory=lambda: ObservedState(Observation.THERE))
    change: Change = field(default_factory=lambda: Change("new", "A thing is made."))

    @property
    def title(self) -> str:
        """The title for people."""
        return f"Make {self.id}"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The IAM action of the step, on everything."""
        return (Permission(f"iam:Make{self.id}", ("*",)),)

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The IAM action of its undo, on everything."""
        return (Permission(f"iam:Drop{self.id}", ("*",)),)

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions of the step."""
        return action_names(self.permissions)

    @property
    def undo_actions(self) -> tuple[str, ...]:
        """The IAM actions of its undo."""
        return action_names(self.undo_permissions)

    def apply(self, context: StepContext) -> StepOutcome:
        """Run the step."""
        self.log.append(f"apply {self.id}")
        context.call_finished(Call(f"iam:Make{self.id}", "req-1", 12))
        return (self.work(context) if self.work else None) or StepOutcome("made")

    def undo(self, context: StepContext) -> None:
        """Undo the step."""
        self.log.append(f"undo {self.id}")
        if self.unwork:
            self.unwork(context)

    def find(self, context: StepContext) -> ObservedState:
        """Return the observed state that the test has set."""
        return self.observed


@dataclass
class FakeCheck:
    """A check that returns a given result or raises a given exception."""

    id: str
    status: CheckStatus = CheckStatus.PASS
    pending: str = ""
    raises: Exception | None = None
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title for people."""
        return f"Check {self.id}"

    def inspect(self, context: StepContext) -> CheckResult:
        """Return the result."""
        context.call_finished(Call("iam:GetUser", "req-2", 7))
        if self.raises:
            raise self.raises
        found = {"remedy": "mend it", "pending": self.pending, "facts": self.facts}
        return CheckResult(self.id, self.title, self.status, "yes", "seen", **found)


MISSION = ("user-exists", "inline-policy", "access", "mfa-devices")


@dataclass
class FakeCloud:
    """A Cloud in memory that returns given answers, and counts the requests."""

    account: Account
    demo: bool = False
    region: str = "eu-west-1"
    steps: list[FakeStep] = field(default_factory=lambda: [FakeStep("create-user")])
    looks: list[FakeCheck] = field(default_factory=lambda: [FakeCheck("caller-identity")])
    early: frozenset[str] = frozenset()
    proofs: list[FakeCheck] = field(default_factory=lambda: [FakeCheck(id) for id in MISSION])
    subjects: list[Subject] = field(default_factory=list)
    setups: list[Setup] = field(default_factory=list)
    unsealed: list[KmsFile] = field(default_factory=list)
    inside: bytes | Exception = b""
    endpoint: Endpoint | None = None

    @property
    def place(self) -> Place:
        """What answers the calls."""
        return place_of(self.endpoint, demo=self.demo)

    def load_ahead(self, phase: Phase) -> None:
        """Do nothing: there is nothing to load."""

    def load_for_validation(self, setup: Setup) -> None:
        """Do nothing: there is nothing to load."""

    def identify(self) -> Caller:
        """Return the caller."""
        return self.account.caller

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Yield the account with nothing read, then with everything read."""
        yield Account(caller, region)
        yield replace(self.account, region=region)

    def keys(self, region: str) -> AccountList[KmsKey]:
        """Return the same KMS keys in every Region."""
        return self.account.keys or AccountList()

    def plan(self, setup: Setup) -> Plan:
        """Return the given steps."""
        self.setups.append(setup)
        return Plan(tuple(self.steps))

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the given preflight checks."""
        return tuple(self.looks)

    def early_preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the preflight checks that the test lets run during the assessment."""
        return tuple(check for check in self.looks if check.id in self.early)

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """Return the given validation checks."""
        self.subjects.append(subject)
        return tuple(self.proofs)

    def unseal(self, file: KmsFile) -> bytes:
        """Return the contents that the test has set, or raise its problem."""
        self.unsealed.append(file)
        if isinstance(self.inside, Exception):
            raise self.inside
        return self.inside


@pytest.fixture(scope="session")
def fake_step() -> type[FakeStep]:
    """Return the class of fake steps."""
    return FakeStep


@pytest.fixture(scope="session")
def fake_check() -> type[FakeCheck]:
    """Return the class of fake checks."""
    return FakeCheck


@pytest.fixture
def fake_cloud(account: Account) -> FakeCloud:
    """Return a cloud that the test can change."""
    return FakeCloud(account)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """Return a store of journals for this test only."""
    return RunStore(tmp_path / "state")


@pytest.fixture
def header() -> RunHeader:
    """Return the header of a run."""
    request = {"region": "eu-west-1", "user_name": "bg-alice", "path": "/breakglass/"}
    return RunHeader("00aa11bb22cc33dd", ACCOUNT_ID, CALLER.arn, "eu-west-1", demo=False, request=request)

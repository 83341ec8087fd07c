"""An AWS account in memory, for tests of the screens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from toy_password import ToyPassword

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
from breakglass_tui.engine.cloud import Setup, SimulatedSignIn, Subject
from breakglass_tui.engine.plan import Change, Check, Plan, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.sealed_file import KmsFile

ACCOUNT_ID = "123456789012"
CALLER = Caller(ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:user/ops-admin", "AIDAEXAMPLEOPSADMIN", "acme-sandbox")
ADMIN = AdminPolicy(
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "v1",
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
)
REGIONS = (
    Region("af-south-1", "not-opted-in", "Africa (Cape Town)"),
    Region("ap-southeast-2", "opt-in-not-required", "Asia Pacific (Sydney)"),
    Region("eu-central-1", "opt-in-not-required", "Europe (Frankfurt)"),
    Region("eu-west-1", "opt-in-not-required", "Europe (Ireland)"),
    Region("eu-west-2", "opt-in-not-required", "Europe (London)"),
    Region("me-south-1", "opted-in", "Middle East (Bahrain)"),
    Region("us-east-1", "opt-in-not-required", "US East (N. Virginia) [/]"),
    Region("us-west-2", "opt-in-not-required", "US West (Oregon)"),
)
USER_NAMES = ("Alice", "bob", "ops-admin", "[bold]eve\x1b[31m")
GROUPS = ("emergency", "developers", "security-audit", "[/]", "[bold]ops\x1b[31m")


def _role(name: str, description: str = "", path: str = "/") -> Role:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    return Role(name, f"arn:aws:iam::{ACCOUNT_ID}:role{path}{name}", trust, description)


ROLES = (
    _role("EmergencyAdmin", "For emergencies only"),
    _role("Deployer", "[/] not markup \x1b]0;title\x07", "/ci/"),
    _role("ReadOnly"),
)


def key(region: str, number: int, alias: str = "", **values: str) -> KmsKey:
    """Return a KMS key of ``region``, with an id made of ``number``."""
    id = f"{number:08d}-aaaa-bbbb-cccc-{number:012d}"
    return KmsKey(id, f"arn:aws:kms:{region}:{ACCOUNT_ID}:key/{id}", (alias,) if alias else (), **values)


KEYS = {
    "eu-west-1": (
        key("eu-west-1", 1, "alias/break-glass", description="Seals emergency credentials"),
        key("eu-west-1", 2, "alias/backup", description="[/foo] \x1b[31mred"),
        key("eu-west-1", 3, "alias/retired", state="Disabled"),
        key("eu-west-1", 4, "alias/going", state="PendingDeletion"),
        key("eu-west-1", 5, "alias/signing", usage="SIGN_VERIFY", spec="ECC_NIST_P256"),
        key("eu-west-1", 6),
    ),
    "eu-central-1": (key("eu-central-1", 7, "alias/frankfurt"),),
}


@dataclass
class ToyStep:
    """A step without calls. It waits for its gate, then runs the function of the test, or is done."""

    id: str
    title: str
    cloud: FakeCloud
    needs: frozenset[str] = frozenset()
    actions: tuple[str, ...] = ("iam:CreateUser",)
    undo_actions: tuple[str, ...] = ("iam:DeleteUser",)
    change: Change = field(default_factory=lambda: Change("new", "Something new"))

    def apply(self, context: StepContext) -> StepOutcome:
        self.cloud.applied.append(self.id)
        context.call_started(self.actions[0], 1)
        self.cloud.pass_gate(self.id)
        context.call_finished(Call(self.actions[0], f"req-{self.id}", 5))
        do = self.cloud.on_apply.get(self.id)
        return do(context) if do else StepOutcome(detail=f"{self.id} is there")

    def undo(self, context: StepContext) -> None:
        self.cloud.pass_gate(f"undo-{self.id}")
        self.cloud.undone.append(self.id)
        do = self.cloud.on_undo.get(self.id)
        if do:
            do(context)

    def find(self, context: StepContext) -> ObservedState:
        self.cloud.pass_gate(f"find-{self.id}")
        return self.cloud.sights.get(self.id, ObservedState(Observation.THERE))


@dataclass
class ToyCheck:
    """A check with a result prepared by the test, or with PASS."""

    id: str
    title: str
    cloud: FakeCloud

    def inspect(self, context: StepContext) -> CheckResult:
        self.cloud.inspected.append(self.id)
        context.call_started("iam:GetUser", 1)
        self.cloud.pass_gate(self.id)
        context.call_finished(Call("iam:GetUser", f"req-{self.id}", 5))
        found = self.cloud.results.get(self.id)
        return found or CheckResult(self.id, self.title, CheckStatus.PASS, "as asked", "as asked", why="It matters.")


STEPS = (
    ("create-user", "Create user", (), ("iam:CreateUser",), Change("new", "User in /breakglass/")),
    ("mfa-device", "Enrol MFA device", ("create-user",), ("iam:CreateVirtualMFADevice",), Change("new", "A device")),
    (
        "inline-policy",
        "Inline policy",
        ("login-profile", "access-key"),
        ("iam:PutUserPolicy",),
        Change("new", "Policy"),
    ),
    ("group-membership", "Group", ("create-user",), ("iam:AddUserToGroup",), Change("member", "emergency")),
    (
        "role-trust",
        "Role EmergencyAdmin",
        ("create-user",),
        ("iam:UpdateAssumeRolePolicy",),
        Change("diff", "One statement for this user", '--- now\n+++ then\n@@ -1 +1,2 @@\n {}\n+{"[/]": "x"}'),
    ),
    ("login-profile", "Console sign-in", ("create-user",), ("iam:CreateLoginProfile",), Change("new", "Password")),
    ("access-key", "Access key", ("create-user",), ("iam:CreateAccessKey", "kms:Encrypt"), Change("new", "A key")),
)
CHECKS = (
    ("user-exists", "IAM user"),
    ("inline-policy", "Inline policy"),
    ("access", "Credentials"),
    ("mfa-devices", "MFA device"),
)
PREFLIGHT = (("caller-may", "You may do all of this"), ("quota", "Quota of users"))


class FakeCloud:
    """A Cloud whose answers a test can change, refuse (``refuse``) or delay (``hold``)."""

    def __init__(self) -> None:
        self.demo = True
        self.endpoint: Endpoint | None = None
        self.simulated_sign_in: SimulatedSignIn | None = None
        self.password = ToyPassword()
        self.region = "eu-west-1"
        self.account = Account(
            CALLER,
            self.region,
            regions=AccountList(REGIONS),
            admin_policy=ADMIN,
            password_policy=PasswordPolicy(minimum_length=14),
            users=AccountList(tuple(map(User, USER_NAMES))),
            groups=AccountList(tuple(Group(name, f"arn:aws:iam::{ACCOUNT_ID}:group/{name}") for name in GROUPS)),
            roles=AccountList(ROLES),
            keys=AccountList(KEYS["eu-west-1"]),
        )
        self.refusals: dict[str, Exception] = {}
        self.on_apply: dict[str, Callable[[StepContext], StepOutcome]] = {}
        self.on_undo: dict[str, Callable[[StepContext], None]] = {}
        self.results: dict[str, CheckResult] = {}
        self.sights: dict[str, ObservedState] = {}
        self.asked: list[str] = []
        self.applied: list[str] = []
        self.undone: list[str] = []
        self.inspected: list[str] = []
        self._gates: dict[str, threading.Event] = {}

    @property
    def place(self) -> Place:
        """What answers the calls."""
        return place_of(self.endpoint, demo=self.demo)

    def hold(self, name: str) -> threading.Event:
        """Make the call, step or check of that name wait until the event is set."""
        self._gates[name] = threading.Event()
        return self._gates[name]

    def pass_gate(self, name: str) -> None:
        """Wait if a test holds ``name``. Raise the problem with which a test refuses it."""
        gate = self._gates.get(name)
        if gate is not None:
            assert gate.wait(20), f"nobody let {name} go on"
        if name in self.refusals:
            raise self.refusals[name]

    def release(self) -> None:
        """Release everything that a test holds."""
        for gate in self._gates.values():
            gate.set()

    def connect(self) -> FakeCloud:
        self.asked.append("connect")
        self.pass_gate("connect")
        return self

    def identify(self) -> Caller:
        self.asked.append("identify")
        self.pass_gate("identify")
        return self.account.caller

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        self.asked.append(f"assess {region}")
        account = Account(caller, region)
        yield account
        for part in ("regions", "admin_policy", "password_policy", "users", "groups", "roles", "keys", "management"):
            self.pass_gate(part)
            account = replace(account, **{part: getattr(self.account, part)})
            yield account

    def keys(self, region: str) -> AccountList[KmsKey]:
        self.asked.append(f"keys {region}")
        self.pass_gate(f"keys {region}")
        return AccountList(KEYS.get(region, ()))

    def users(self) -> AccountList[User]:
        self.asked.append("users")
        self.pass_gate("users again")
        assert self.account.users
        return self.account.users

    def plan(self, setup: Setup) -> Plan:
        request = setup.request
        wanted = {
            "create-user": True,
            "mfa-device": request.mfa != "none",
            "inline-policy": True,
            "group-membership": bool(request.groups),
            "role-trust": bool(request.role_arn),
            "login-profile": request.console,
            "access-key": request.programmatic,
        }
        return Plan(
            tuple(
                ToyStep(id, title, self, frozenset(n for n in needs if wanted[n]), actions, change=change)
                for id, title, needs, actions, change in STEPS
                if wanted[id]
            )
        )

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        return tuple(ToyCheck(id, title, self) for id, title in PREFLIGHT)

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        return tuple(ToyCheck(id, title, self) for id, title in CHECKS)

    def permanent_password(self, setup: Setup) -> ToyPassword:
        return self.password

    def unseal(self, file: KmsFile) -> bytes:
        self.asked.append(f"unseal {file.key_arn}")
        self.pass_gate("unseal")
        return b""


@dataclass
class FakeClock:
    """A clock whose wall time is constant, and whose durations are real."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def ticks(self) -> float:
        return time.monotonic()

"""Lab: the tools of the experiments. They create tagged resources, and make facts from calls."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.account_policies import read_password_policy
from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.error_classes import BAD_KEY
from breakglass_tui.domain.account import Caller, PasswordPolicy
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.events import CallSource, CallStarted, Event
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.secrets.password import generate_password
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, seconds_left
from live_experiments.facts import Fact, FactStatus, requests_of
from live_experiments.resources import PATH, PREFIX, Resource, tags

ACCEPTED, REFUSED = "accepted", "refused"
NOT_VISIBLE = frozenset({"NoSuchEntity"})
"""The error code of a call about a resource that is too new: IAM is eventually consistent."""
EMULATOR = "an emulator answered, and only AWS can show this"
SESSION_S = 900
"""The shortest duration of a session from GetSessionToken, in seconds (STS API, GetSessionToken)."""
ENOUGH_S = 8
"""A TOTP code is sent only if its period lasts at least this many seconds more, so that the call arrives in time."""


@dataclass(frozen=True)
class LabUser:
    """An IAM user that an experiment created. It has no permissions, unless ``Lab.user`` was given a policy."""

    name: str
    arn: str


@dataclass(frozen=True)
class LabDevice:
    """A virtual MFA device that an experiment created, with its seed."""

    serial: str
    seed: Secret


@dataclass(frozen=True)
class Person:
    """A person with a browser, who helps with an experiment.

    ``show`` prints a line on the person's terminal. The line may have a password, and is not part of the evidence. An
    action of the person may take ``within_s`` seconds. CloudTrail may take ``events_within_s`` seconds to show its
    events.
    """

    show: Callable[[str], None]
    within_s: float = 900.0
    events_within_s: float = 1200.0
    poll_s: float = 5.0


class Lab:
    """One run of the script in one account: creates resources, makes calls, and makes facts from them.

    After ``stop`` is set, the next call raises ``Stopped`` before it is sent. ``rate_s`` is the duration of the
    experiment with the simulator's rate, in seconds. ``known`` has all resources that this run created.
    """

    def __init__(
        self,
        clients: Clients,
        caller: Caller,
        *,
        run_id: str,
        stop: threading.Event,
        notify: Callable[[str], None],
        rate_s: float = 60.0,
        person: Person | None = None,
    ) -> None:
        self.clients = clients
        self.caller = caller
        self.rate_s = rate_s
        self.person = person
        self.known: list[Resource] = []
        self.experiment = ""
        self.context = StepContext(
            source=CallSource.CHECK, id="live", publish=self._before_call, clock=SystemClock(), stop=stop
        )
        self.api = Api(clients, self.context)
        self._run_id = run_id
        self._notify = notify
        self._used = 0

    @property
    def live(self) -> bool:
        """Whether the calls go to AWS itself. Every other endpoint counts as an emulator."""
        return self.clients.endpoint_url is None

    def begin(self, experiment: str) -> None:
        """Start the experiment with the name ``experiment``. The next facts and their calls belong to it."""
        self.experiment = experiment
        self._new_calls()
        self._notify(f"experiment {experiment}")

    def fact(
        self,
        text: str,
        *,
        expected: str,
        found: str,
        holds: bool,
        needs_aws: bool = False,
        calls: tuple[Call, ...] | None = None,
    ) -> Fact:
        """Return a fact. Its evidence is ``calls``, else the calls since the last fact.

        If it ``needs_aws`` and an emulator answers, its status is NOT_SHOWN.
        """
        status = FactStatus.AS_EXPECTED if holds else FactStatus.DIFFERENT
        why, own = EMULATOR if needs_aws and not self.live else "", self._new_calls()
        evidence = requests_of(own if calls is None else calls)
        return Fact(self.experiment, text, expected, found, FactStatus.NOT_SHOWN if why else status, why, evidence)

    def not_shown(self, text: str, *, expected: str, why: str) -> Fact:
        """Return a fact that this account cannot show, with the reason ``why``."""
        requests = requests_of(self._new_calls())
        return Fact(self.experiment, text, expected, "", FactStatus.NOT_SHOWN, why, requests)

    def failed(self, problem: Problem) -> Fact:
        """Return a fact which says that the experiment ended early, with the reason ``problem``."""
        requests = requests_of(self._new_calls())
        return Fact(self.experiment, "It ended early.", "no problem", str(problem), FactStatus.FAILED, "", requests)

    def outcome(self, call: Callable[[], Any]) -> str:
        """Make a call. Return ``accepted``, or ``refused`` with the error code.

        Raises:
            Problem: the call did not reach AWS, so AWS did not decide.
        """
        try:
            call()
        except Problem as problem:
            if problem.kind is Kind.UNREACHABLE:
                raise
            return f"{REFUSED} ({problem.code})"
        return ACCEPTED

    def user(self, policy: Callable[[str], Mapping[str, Any]] | None = None) -> LabUser:
        """Create a user and return it. ``policy`` returns its inline policy, given its ARN."""
        name = self._name()
        self.known.append(Resource("user", name))
        self.api.call("iam:CreateUser", UserName=name, Path=PATH, Tags=tags(self._run_id))
        self._notify(f"created user {name}")
        user = LabUser(name, f"arn:{self.caller.partition}:iam::{self.caller.account_id}:user{PATH}{name}")
        if policy is not None:
            document = json.dumps(policy(user.arn))
            self._patient("iam:PutUserPolicy", UserName=name, PolicyName=PREFIX, PolicyDocument=document)
        return user

    def key(self, user: LabUser) -> Api:
        """Create an access key for ``user`` and wait until AWS accepts it.

        Return an ``Api`` whose calls use the key.
        """
        key = self._patient("iam:CreateAccessKey", UserName=user.name)["AccessKey"]
        as_user = self.as_user(key)

        def works() -> bool:
            try:
                as_user.call("sts:GetCallerIdentity")
            except Problem as problem:
                if problem.code not in BAD_KEY:
                    raise
                return False
            return True

        wait_until_consistent(self.context, works)
        return as_user

    def as_user(self, credentials: Mapping[str, Any]) -> Api:
        """Return an ``Api`` whose calls use ``credentials``: an access key or a session, as AWS returns them."""
        secret, token = str(credentials["SecretAccessKey"]), credentials.get("SessionToken")
        return Api(self.clients.as_user(str(credentials["AccessKeyId"]), secret, token), self.context)

    def password(self, user: LabUser, *, reset: bool) -> Secret:
        """Create a login profile for ``user`` and return its password. With ``reset``, the password must be changed."""
        password = self.new_password(user)
        self._patient(
            "iam:CreateLoginProfile", UserName=user.name, Password=password.reveal(), PasswordResetRequired=reset
        )
        return password

    def new_password(self, user: LabUser) -> Secret:
        """Return a new password that meets the password policy of the account."""
        policy = read_password_policy(self.api)
        rules = policy if isinstance(policy, PasswordPolicy) else PasswordPolicy()
        return generate_password(rules, user.name, self.caller.account_id)

    def device(self) -> LabDevice:
        """Create a virtual MFA device and return it. It is not enabled yet."""
        name = self._name()
        serial = f"arn:{self.caller.partition}:iam::{self.caller.account_id}:mfa{PATH}{name}"
        self.known.append(Resource("device", serial))
        parameters: dict[str, Any] = {"VirtualMFADeviceName": name, "Path": PATH, "Tags": tags(self._run_id)}
        made = self.api.call_part("iam:CreateVirtualMFADevice", "VirtualMFADevice", **parameters)
        self._notify(f"created device {name}")
        return LabDevice(str(made["SerialNumber"]), Secret(bytes(made["Base32StringSeed"]).decode()))

    def enable(self, user: LabUser, device: LabDevice, codes: tuple[str, str]) -> None:
        """Enable ``device`` for ``user`` with two codes."""
        pair = {"AuthenticationCode1": codes[0], "AuthenticationCode2": codes[1]}
        self._patient("iam:EnableMFADevice", UserName=user.name, SerialNumber=device.serial, **pair)

    def enabled_device(self, user: LabUser) -> LabDevice:
        """Create a virtual MFA device, enable it for ``user`` with the current codes, and return it."""
        device = self.device()
        self.enable(user, device, code_pair(device.seed, self.now()))
        return device

    def session(self, as_user: Api, device: LabDevice, code: str) -> dict[str, Any]:
        """Return the credentials of an MFA session of the user, as GetSessionToken returns them."""
        parameters: dict[str, Any] = {"SerialNumber": device.serial, "TokenCode": code, "DurationSeconds": SESSION_S}
        return as_user.call_part("sts:GetSessionToken", "Credentials", **parameters)

    def role(self, trust: Mapping[str, Any]) -> str:
        """Create a role with the trust policy ``trust`` and without permissions. Return its name."""
        name = self._name()
        self.known.append(Resource("role", name))
        document = json.dumps(trust)
        self.api.call(
            "iam:CreateRole", RoleName=name, Path=PATH, AssumeRolePolicyDocument=document, Tags=tags(self._run_id)
        )
        self._notify(f"created role {name}")
        return name

    def now(self) -> float:
        """Return the time by the clock of AWS, as a Unix time in seconds."""
        return self.context.clock.now().timestamp() + self.api.clock_offset_s

    def next_code(self, seed: Secret) -> str:
        """Return the TOTP code of the next period. If this period is about to end, wait for the next one first.

        So AWS receives the code before its period begins.
        """
        if seconds_left(self.now()) < ENOUGH_S:
            self.context.wait(seconds_left(self.now()))
        return code_pair(seed, self.now() + PERIOD_S)[1]

    def _name(self) -> str:
        self._used += 1
        return f"{PREFIX}-{self._run_id}-{self._used}"

    def _patient(self, action: str, **parameters: Any) -> dict[str, Any]:
        return self.api.call(action, retry_on=NOT_VISIBLE, **parameters)

    def _new_calls(self) -> tuple[Call, ...]:
        calls = tuple(self.context.calls)
        self.context.calls.clear()
        return calls

    def _before_call(self, event: Event) -> None:
        if isinstance(event, CallStarted) and self.context.stopping:
            raise Stopped

"""Accounts with equal contents: one for the run of the engine, one for the script of the same setup."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pyotp
import pyrage
import pytest
from aws_shell import aws_server
from fake_account import FakeCloud
from fault_proxy import FaultProxy

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.commands.script import script
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain import events as e
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.text import escape_controls
from breakglass_tui.engine import step_context
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.vault import Vault

SUPPORT = Path(__file__).parent.parent / "support"
AGE = SUPPORT / "age_program.py"
SEED_FILE = re.compile(r"Add the seed in (\S+) to")


class CloudWithoutPreflight(AwsCloud):
    """A cloud that starts with the steps."""

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        return ()


@dataclass
class Place:
    """A simulated account, its contents, and plain boto3 clients that read it."""

    demo: DemoAccount
    clients: Clients
    iam: Any
    kms: Any
    account: Account = field(init=False)

    def state(self, setup: Setup) -> dict[str, Any]:
        """Return the state of the user and of the role, without random and secret values."""
        name, iam = setup.request.user_name, self.iam
        user = iam.get_user(UserName=name)["User"]
        policies = iam.list_user_policies(UserName=name)["PolicyNames"]
        devices = iam.list_mfa_devices(UserName=name)["MFADevices"]
        return {
            "arn": user["Arn"],
            "path": user["Path"],
            "tags": {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=name)["Tags"]},
            "policies": {one: iam.get_user_policy(UserName=name, PolicyName=one)["PolicyDocument"] for one in policies},
            "attached": iam.list_attached_user_policies(UserName=name)["AttachedPolicies"],
            "groups": [group["GroupName"] for group in iam.list_groups_for_user(UserName=name)["Groups"]],
            "login": self._login(name),
            "devices": {d["SerialNumber"]: self._tags_of(d["SerialNumber"]) for d in devices},
            "keys": [key["Status"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]],
            "trust": iam.get_role(RoleName="EmergencyAdmin")["Role"]["AssumeRolePolicyDocument"],
        }

    def read_again(self) -> None:
        """Read the account again, after a test has changed it."""
        *_, self.account = assess.assess(self.clients, "eu-west-1", assess.identify(self.clients))

    def _login(self, name: str) -> bool | None:
        try:
            return bool(self.iam.get_login_profile(UserName=name)["LoginProfile"]["PasswordResetRequired"])
        except self.iam.exceptions.NoSuchEntityException:
            return None

    def _tags_of(self, serial: str) -> dict[str, str]:
        tags = self.iam.list_mfa_device_tags(SerialNumber=serial)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags}


@pytest.fixture(scope="module")
def custodians() -> list[pyrage.x25519.Identity]:
    """The identities of three custodians."""
    return [pyrage.x25519.Identity.generate() for _ in range(3)]


@pytest.fixture(scope="module")
def place() -> Iterator[Callable[[], Place]]:
    """``place()``: start another account with the same contents."""
    started: list[DemoAccount] = []

    def one_more() -> Place:
        demo = DemoAccount()
        started.append(demo)
        endpoint = demo.start()
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        clients = Clients(session, endpoint_url=endpoint)
        iam, kms = (session.client(service, endpoint_url=endpoint) for service in ("iam", "kms"))
        where = Place(demo, clients, iam, kms)
        where.read_again()
        return where

    yield one_more
    for demo in started:
        demo.stop()


@pytest.fixture
def proxy_of() -> Iterator[Callable[[Place], FaultProxy]]:
    """``proxy_of(place)``: start a proxy that spoils calls to that account."""
    started: list[FaultProxy] = []

    def start(where: Place) -> FaultProxy:
        started.append(FaultProxy(where.demo.start()))
        return started[-1]

    yield start
    for proxy in started:
        proxy.close()


@pytest.fixture
def setup_in(tmp_path: Path) -> Callable[..., Setup]:
    """``setup_in(place, **fields)``: return the setup of a request in that account."""

    def make(where: Place, **fields: Any) -> Setup:
        request = parse_request({"region": "eu-west-1", "user_name": "bg-script", **fields})
        setup = new_setup(request, where.account, tmp_path / "engine")
        setup.envelopes.require_writable()
        return setup

    return make


@pytest.fixture
def fake_setup(tmp_path: Path) -> Callable[..., Setup]:
    """``fake_setup(cloud, {part: value}, **fields)``: return a setup in an account in memory, with parts replaced."""

    def make(cloud: FakeCloud, parts: dict[str, Any] | None = None, /, **fields: Any) -> Setup:
        request = parse_request({"region": "eu-west-1", "user_name": "bg-script", **fields})
        return new_setup(request, replace(cloud.account, **parts or {}), tmp_path / "envelopes")

    return make


@pytest.fixture
def engine_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Place, Setup], list[str]]:
    """``engine_run(place, setup)``: run the engine in that account. Return the names of the envelopes that it wrote."""
    monkeypatch.setattr(step_context.StepContext, "wait", lambda self, seconds: None)

    def run(where: Place, setup: Setup) -> list[str]:
        envelopes = Envelopes(setup.envelopes.directory, account_id=where.demo.account_id, run_id=setup.run_id)
        own = replace(setup, account=where.account, envelopes=envelopes, vault=Vault())
        made = new_run(CloudWithoutPreflight(where.clients, demo=True), own, RunStore(tmp_path / "state"))
        for event in made.events():
            if isinstance(event, e.Asked):
                stored = isinstance(event.question, StoreSecret)
                made.answer(event.number, True if stored else _codes(event.question.seed.reveal()))
            if isinstance(event, e.RunFinished):
                assert event.status is e.RunStatus.DONE, event
        return sorted(path.name for path in setup.envelopes.directory.iterdir())

    return run


@dataclass
class Ran:
    """The result of a script: its exit code, output and files, and the arguments and environments of its programs."""

    code: int
    output: str
    given: str
    directory: Path
    left_over: list[str]
    environment: dict[str, str]

    @property
    def printed_removal(self) -> str:
        """The removal commands that the script printed at its end."""
        return self.output.split("Continue with the next command.\n")[1]


@pytest.fixture(scope="module")
def aws_program() -> Iterator[str]:
    """Return the command line of the AWS CLI."""
    with aws_server() as line:
        yield line


@pytest.fixture
def run_script(tmp_path: Path, aws_program: str) -> Callable[..., Ran]:
    """``run_script(place, setup)``: run the script of ``setup`` with the real AWS CLI in that account.

    ``endpoint`` replaces the endpoint of the plan. Every program first records its arguments and environment. ``sleep``
    only records them.
    """

    def run(where: Place, setup: Setup, *, endpoint: str | None = "", **environment: str) -> Ran:
        file, bin, recovery, log = (tmp_path / name for name in ("script.sh", "bin", "memory", "given"))
        plan = AwsCloud(where.clients, demo=True).plan(setup)
        text = script(setup, replace(plan, endpoint=plan.endpoint if endpoint == "" else endpoint))
        file.write_text(escape_controls(text))  # as it is printed
        bin.mkdir(exist_ok=True)
        recovery.mkdir(exist_ok=True)
        watched = {name: shutil.which(name) for name in ("base64", "cat", "head", "printf", "tr")}
        for name, command in {
            **watched,
            "python3": sys.executable,
            "aws": aws_program,
            "age": f"{sys.executable} {AGE}",
            "sleep": "true",
        }.items():
            recorder = f"{{ printf '%s\\n' \"$@\"; export -p; }} >> '{log}'\nexec {command} \"$@\"\n"
            (bin / name).write_text(f"#!/bin/bash\n{recorder}")
            (bin / name).chmod(0o755)
        given = {
            "PATH": f"{bin}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(recovery),
            "AWS_ACCESS_KEY_ID": where.demo.access_key_id,
            "AWS_SECRET_ACCESS_KEY": where.demo.secret_access_key,
            **environment,
        }
        out = tmp_path / "script's out"
        process = subprocess.Popen(
            ["bash", "-x", file, out], env=given, cwd=tmp_path, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        with process:
            output = "".join(_output(process))
        names = sorted(path.name for path in recovery.iterdir())
        return Ran(process.returncode, output, log.read_text() if log.exists() else "", out, names, given)

    return run


def _output(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield the output of a script. Type two codes when it names the file of the seed, and when it asks for new ones.

    The first code is typed wrong at first, and the second one with a space.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    file = None
    for line in process.stdout:
        yield line
        named = SEED_FILE.search(line)
        file = Path(named[1]) if named else file
        if file and (named or "Type two new codes" in line):
            first, second = _codes(file.read_text().strip())
            process.stdin.write(f"12345\n{first}\n{second[:3]} {second[3:]}\n")
            process.stdin.flush()


def _codes(seed: str) -> tuple[str, str]:
    totp, now = pyotp.TOTP(seed), int(time.time())
    return totp.at(now - 30), totp.at(now)

"""The operator's options in the commands of remedies: profile, Region and endpoint."""

from __future__ import annotations

import ast
from pathlib import Path

import boto3
import pytest
from aws_shell import PROFILE

from breakglass_tui.aws import checks
from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.aws.checks.envelopes import EnvelopesCheck
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.remedy_commands import (
    aws_command,
    list_users,
    program_command,
    user_command,
)
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.user_exists import UserExistsCheck
from breakglass_tui.aws.clients import Clients
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.remedy_parts import remedy_parts

ENDPOINT = "http://127.0.0.1:4566"
ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"


@pytest.fixture(scope="module")
def bare_session() -> boto3.Session:
    return boto3.Session("AKIA", "secret", region_name="eu-west-1")


@pytest.fixture
def chosen(bare_session):
    return Clients(bare_session, endpoint_url=ENDPOINT, profile="prod team", chosen_region="eu-north-1")


def test_without_options_a_command_has_none(bare_session):
    clients = Clients(bare_session, endpoint_url=None)
    assert aws_command(clients, "iam list-users") == "aws iam list-users"
    assert program_command(clients, "validate", "--user-name", "a b") == "breakglass-tui validate --user-name 'a b'"


def test_a_command_of_the_operator_names_the_profile_the_region_and_the_endpoint(chosen, make_user):
    options = f"--profile 'prod team' --region eu-north-1 --endpoint-url {ENDPOINT}"
    assert aws_command(chosen, "iam list-users") == f"aws iam list-users {options}"
    user = make_user()
    deleted = user_command(chosen, user.subject(), "delete-user-policy", "--policy-name", "a b")
    assert deleted == f"aws iam delete-user-policy --user-name {user.name} --policy-name 'a b' {options}"
    assert list_users(chosen).endswith(f": aws iam list-users {options}")


def test_a_command_with_a_region_keeps_it(chosen):
    command = aws_command(chosen, "kms enable-key --region eu-west-1 --key-id k")
    assert (
        command == f"aws kms enable-key --region eu-west-1 --key-id k --profile 'prod team' --endpoint-url {ENDPOINT}"
    )


def test_a_command_of_the_user_has_no_profile(chosen):
    command = aws_command(chosen, "sts get-caller-identity", with_profile=False)
    assert command == f"aws sts get-caller-identity --region eu-north-1 --endpoint-url {ENDPOINT}"


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(profile="prod team", region="eu-north-1", endpoint_url=ENDPOINT),
        Options(demo=True, region="eu-north-1"),
    ],
)
def test_the_command_of_this_program_is_the_one_that_the_command_line_builds(bare_session, options):
    endpoint = "http://127.0.0.1:50001" if options.demo else options.endpoint_url
    clients = Clients(
        bare_session, endpoint_url=endpoint, profile=options.profile, chosen_region=options.region, demo=options.demo
    )
    words = ("validate", "--user-name", "bg alice")
    assert program_command(clients, *words) == options.command(*words)


def test_every_command_of_a_remedy_has_the_options(bench, make_user, run):
    user, other = make_user(console=True), make_user()
    bench.key_for(user)
    serial = bench.device_for(user)
    role = bench.role(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": user.arn},
                    "Action": "sts:AssumeRole",
                    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                }
            ],
        }
    )
    seen = user.seen_by_another_process()
    lost = EnvelopeInfo("/nowhere/x.age", ("password",), ("age",), "0" * 64)
    results = [
        bench.inspect(check)
        for check in (
            UserExistsCheck(bench.clients, other.seen_by_another_process(path="/elsewhere/")),
            AccessCheck(bench.clients, seen),
            MfaDevicesCheck(bench.clients, user.seen_by_another_process(access="console")),
            RoleTrustCheck(bench.clients, user.seen_by_another_process(role_arn=role, access="programmatic"), role),
            EnvelopesCheck(bench.clients, user.subject(envelopes=(lost,))),
        )
    ]
    commands = [
        part.command
        for result in results
        for text in (result.remedy, result.clears)
        for part in remedy_parts(text)
        if part.command
    ]
    endpoint = f"--endpoint-url {bench.clients.endpoint_url}"
    assert len(commands) >= 6, commands
    assert (
        f"breakglass-tui --profile {PROFILE} {endpoint} validate --user-name {user.name} --accept-device {serial}"
        in (commands)
    )
    for command in commands:
        assert endpoint in command, command
        assert f"--profile {PROFILE}" in command or "aws sts" in command, command


def test_no_check_writes_a_command_without_them():
    """A command is text of ``remedy_commands``."""
    loose = []
    for file in sorted(Path(checks.__file__).parent.glob("*.py")):
        tree = ast.parse(file.read_text())
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                starts = (f"aws {service} " for service in ("iam", "kms", "sts", "sns", "events", "cloudtrail"))
                if any(start in node.value for start in (*starts, "breakglass-tui ")):
                    loose.append((file.name, node.value))
    allowed = ("by the custodians with breakglass-tui verify",)
    assert not [found for found in loose if not any(text in found[1] for text in allowed)]

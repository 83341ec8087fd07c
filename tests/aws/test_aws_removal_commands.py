"""The commands that an incomplete undo prints: pasted into a shell in the printed order, they remove everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_shell import aws_server, paste
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from watching import at_step

from breakglass_tui.aws.steps.create_user import REMOVES_ALL
from breakglass_tui.aws.steps.removal_commands import iam_command
from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.events import RunStatus, StepStarted, UndoStarted
from breakglass_tui.domain.problems import Problem

REMOVALS = [
    "delete_access_key",
    "delete_login_profile",
    "deactivate_mfa_device",
    "delete_virtual_mfa_device",
    "delete_user_policy",
    "remove_user_from_group",
    "delete_user",
]
READS = ["get_user", "list_access_keys", "get_login_profile", "get_user_policy", "list_virtual_mfa_devices"]
UNUSED_ENDPOINT = "http://127.0.0.1:9"

Paste = Callable[[Problem], str]


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as line:
        yield line


@pytest.fixture
def paste_next(lab: Any, shared_account: Any, aws: str, tmp_path: Path) -> Paste:
    """``paste_next(problem)``: run ``problem.next`` in a shell that has the operator's credentials."""
    environment = {
        "AWS_ACCESS_KEY_ID": shared_account.demo.access_key_id,
        "AWS_SECRET_ACCESS_KEY": shared_account.demo.secret_access_key,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": UNUSED_ENDPOINT,
    }
    return lambda problem: paste(problem.next, tmp_path, aws, environment)


def roll_back(lab: Any, spoil: Any, faults: Callable[[], object], setup: Any = None) -> Any:
    """Run the setup up to its last step, which fails after ``faults``. Return the run, whose undo is incomplete."""

    def fail() -> None:
        spoil("update_assume_role_policy", code="AccessDenied", times=1)
        faults()

    outcome = lab.run(setup or lab.everything(), watch=at_step("role-trust", fail))
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert outcome.record.not_removed
    return outcome


def assert_removed(lab: Any, output: str) -> None:
    assert not lab.exists(lab.name), output
    assert lab.devices(lab.name) == [], output
    assert lab.members() == [], output


@pytest.mark.parametrize("removal", REMOVALS)
def test_the_commands_of_a_denied_removal_remove_everything(
    lab: Any, spoil: Any, paste_next: Paste, removal: str
) -> None:
    outcome = roll_back(lab, spoil, lambda: spoil(removal, code="AccessDenied"))
    assert all(problem.what.endswith(" could not be removed.") for problem in outcome.record.not_removed)
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


def test_the_commands_of_an_undo_that_removed_nothing_remove_everything(
    lab: Any, spoil: Any, paste_next: Paste
) -> None:
    outcome = roll_back(lab, spoil, lambda: [spoil(removal, code="AccessDenied") for removal in REMOVALS])
    assert len(outcome.record.not_removed) == 6
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


def test_the_command_for_the_user_works_on_its_own(lab: Any, spoil: Any, paste_next: Paste) -> None:
    outcome = roll_back(lab, spoil, lambda: [spoil(removal, code="AccessDenied") for removal in REMOVALS])
    assert_removed(lab, paste_next(outcome.record.not_removed[-1]))


@pytest.mark.parametrize("read", READS)
def test_the_commands_work_if_the_undo_could_not_read_what_exists(
    lab: Any, spoil: Any, paste_next: Paste, read: str
) -> None:
    def faults() -> None:
        spoil(read, code="AccessDenied")
        spoil("delete_user", code="AccessDenied")

    outcome = roll_back(lab, spoil, faults)
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


def test_the_commands_work_without_any_answer_of_aws(lab: Any, spoil: Any, paste_next: Paste) -> None:
    outcome = roll_back(lab, spoil, lambda: [spoil(name) for name in (*REMOVALS, *READS)])
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


def test_a_key_whose_id_was_lost_is_removed_by_the_commands(lab: Any, spoil: Any, paste_next: Paste) -> None:
    def faults() -> None:
        spoil("list_access_keys", code="AccessDenied")

    spoil("create_access_key", when="after", then=faults)
    outcome = lab.run(lab.everything())
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert len(lab.keys(lab.name)) == 1
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


def test_every_group_is_left_by_the_commands(lab: Any, spoil: Any, paste_next: Paste) -> None:
    second = f"{lab.group}-second"
    lab.iam.create_group(GroupName=second)
    setup = lab.everything(groups=[lab.group, second])
    outcome = roll_back(lab, spoil, lambda: spoil("remove_user_from_group", code="AccessDenied"), setup)
    (membership, _) = outcome.record.not_removed
    assert lab.group in membership.what
    assert second in membership.what

    paste_next(membership)
    assert lab.iam.list_groups_for_user(UserName=lab.name)["Groups"] == []
    assert_removed(lab, paste_next(outcome.record.not_removed[-1]))


def test_one_denied_group_does_not_keep_the_user_in_the_others(lab: Any, spoil: Any) -> None:
    second = f"{lab.group}-second"
    lab.iam.create_group(GroupName=second)

    def faults() -> None:
        spoil("remove_user_from_group", code="AccessDenied", times=1)
        spoil("delete_user", code="AccessDenied")

    outcome = roll_back(lab, spoil, faults, lab.everything(groups=[lab.group, second]))
    membership = outcome.record.not_removed[0]
    assert lab.group in membership.next
    assert second not in membership.next
    assert [one["GroupName"] for one in lab.iam.list_groups_for_user(UserName=lab.name)["Groups"]] == [lab.group]


def attach_policy(lab: Any) -> None:
    lab.iam.attach_user_policy(UserName=lab.name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def put_policy(lab: Any) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    lab.iam.put_user_policy(UserName=lab.name, PolicyName="of-another-admin", PolicyDocument=document)


def add_to_group(lab: Any) -> None:
    lab.iam.add_user_to_group(UserName=lab.name, GroupName="support")


def create_key(lab: Any) -> None:
    lab.iam.create_access_key(UserName=lab.name)


def upload_certificate(lab: Any) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab")]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    valid = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    body = valid.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    lab.iam.upload_signing_certificate(UserName=lab.name, CertificateBody=body)


@pytest.mark.parametrize("change", [attach_policy, put_policy, add_to_group, create_key, upload_certificate])
def test_the_commands_remove_first_what_another_admin_put_on_the_user(
    lab: Any, spoil: Any, paste_next: Paste, change: Callable[[Any], None]
) -> None:
    outcome = roll_back(lab, spoil, lambda: change(lab))
    assert_removed(lab, "".join(map(paste_next, outcome.record.not_removed)))


@pytest.mark.parametrize("listed", [True, False])
def test_the_command_for_a_role_that_cannot_be_read_removes_the_statement_alone(
    lab: Any, spoil: Any, paste_next: Paste, listed: bool
) -> None:
    account = lab.account if listed else replace(lab.account, roles=AccountList(problem=Problem("not listed")))
    before = lab.trust()
    other = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}

    def watch(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == "inline-policy":
            spoil("get_user_policy", code="AccessDenied", skip=1, times=1)
        if isinstance(event, UndoStarted):
            trust = lab.trust()
            assert len(trust["Statement"]) == 2
            trust["Statement"].append(other)
            lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(trust))
            spoil("get_role", code="AccessDenied")

    setup = lab.setup(account, role_arn=lab.role_arn, access="console", kms_key_id="alias/break-glass")
    outcome = lab.run(setup, watch=watch)
    (role,) = outcome.record.not_removed
    output = paste_next(role)
    assert lab.trust() == {**before, "Statement": [*before["Statement"], other]}, output


def test_the_command_for_a_trust_policy_removes_the_statement_alone(lab: Any, spoil: Any, paste_next: Paste) -> None:
    def watch(event: Any, run: Any) -> None:
        if isinstance(event, UndoStarted):
            spoil("update_assume_role_policy", code="AccessDenied")
        if isinstance(event, StepStarted) and event.step == "inline-policy":
            spoil("get_user_policy", code="AccessDenied", skip=1, times=1)

    outcome = lab.run(lab.everything(), watch=watch)
    assert outcome.record.status is RunStatus.INCOMPLETE
    before = lab.trust()
    assert len(before["Statement"]) == 2
    (role,) = outcome.record.not_removed
    output = paste_next(role)
    assert lab.trust() == {**before, "Statement": before["Statement"][:1]}, output


def test_the_command_for_a_trust_policy_keeps_what_others_added_to_the_statement(
    lab: Any, spoil: Any, paste_next: Paste
) -> None:
    root = f"arn:aws:iam::{lab.role_arn.split(':')[4]}:root"

    def watch(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == "inline-policy":
            spoil("get_user_policy", code="AccessDenied", skip=1, times=1)
        if isinstance(event, UndoStarted):
            trust = lab.trust()
            own = trust["Statement"][1]
            own["Principal"]["AWS"] = [own["Principal"]["AWS"], root]
            lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(trust))
            spoil("update_assume_role_policy", code="AccessDenied")

    outcome = lab.run(lab.everything(), watch=watch)
    output = paste_next(outcome.record.not_removed[0])
    assert [statement["Principal"] for statement in lab.trust()["Statement"]] == [{"AWS": root}] * 2, output


def test_the_operator_is_warned_that_the_commands_remove_what_the_run_did_not_create(lab: Any, spoil: Any) -> None:
    outcome = roll_back(lab, spoil, lambda: attach_policy(lab))
    assert REMOVES_ALL in outcome.record.not_removed[-1].why


def test_there_is_no_such_warning_for_what_the_run_created_itself(lab: Any, spoil: Any) -> None:
    outcome = roll_back(lab, spoil, lambda: spoil("delete_access_key", code="AccessDenied"))
    assert REMOVES_ALL not in outcome.record.not_removed[-1].why


def test_a_name_that_starts_with_a_dash_is_no_option():
    command = iam_command("delete-user-policy", "--profile", "a b", user_name="-x", policy_name="--p")
    assert command == "aws iam delete-user-policy --user-name=-x --policy-name=--p --profile 'a b'"

"""A change by someone else between two processes of a run stops the run, and is kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from killing import Point, Processes

from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.policy import INLINE_POLICY_NAME


@pytest.fixture
def processes(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Processes:
    return Processes(lab, monkeypatch)


def test_a_user_with_a_resource_of_someone_else_is_not_deleted(lab: Any, processes: Processes) -> None:
    """AWS refuses this removal. Not every endpoint does."""
    processes.begin(Point(e.StepFinished, "access-key"))
    unmanaged_key(lab)
    record = processes.again(undo=True)

    assert record.status is RunStatus.INCOMPLETE
    calls = [call.operation for step in record.steps.values() for call in step.calls]
    assert "iam:DeleteUser" not in calls
    assert record.facts["access_key_id"] not in lab.keys(lab.name)


def test_a_password_that_someone_else_sets_after_the_undo_is_kept(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.StepFinished, "login-profile"), access="console")
    processes.again(undo=True, point=Point(e.CallFinished, "iam:DeleteLoginProfile"))
    unchanged = unmanaged_profile(lab)
    record = processes.again(undo=True)

    assert record.status is RunStatus.INCOMPLETE
    assert unchanged()


def unmanaged_key(lab: Any) -> Callable[[], bool]:
    key = lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"]
    return lambda: key in lab.keys(lab.name)


def unmanaged_profile(lab: Any) -> Callable[[], bool]:
    lab.iam.create_login_profile(UserName=lab.name, Password="Somebody-Elses-77-Password")
    return lambda: bool(lab.iam.get_login_profile(UserName=lab.name))


def unmanaged_policy(lab: Any) -> Callable[[], bool]:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    lab.iam.put_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME, PolicyDocument=document)
    return lambda: lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == [INLINE_POLICY_NAME]


def unmanaged_user(lab: Any) -> Callable[[], bool]:
    lab.iam.delete_user(UserName=lab.name)
    user = lab.iam.create_user(UserName=lab.name)["User"]
    key = lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"]

    def unchanged() -> bool:
        return lab.iam.get_user(UserName=lab.name)["User"]["UserId"] == user["UserId"] and key in lab.keys(lab.name)

    return unchanged


def unmanaged_device(lab: Any) -> Callable[[], bool]:
    device = lab.iam.create_virtual_mfa_device(VirtualMFADeviceName=f"theirs-{lab.name}")["VirtualMFADevice"]
    serial, totp, now = device["SerialNumber"], pyotp.TOTP(device["Base32StringSeed"].decode()), int(time.time())
    codes = {"AuthenticationCode1": totp.at(now - 30), "AuthenticationCode2": totp.at(now)}
    lab.iam.enable_mfa_device(UserName=lab.name, SerialNumber=serial, **codes)
    return lambda: (
        [item["SerialNumber"] for item in lab.iam.list_mfa_devices(UserName=lab.name)["MFADevices"]] == [serial]
    )


UNMANAGED = [unmanaged_key, unmanaged_profile, unmanaged_policy, unmanaged_user, unmanaged_device]


@pytest.mark.parametrize("undo", [False, True])
@pytest.mark.parametrize("interfere", UNMANAGED)
def test_a_change_between_two_processes_stops_the_run_and_is_kept(
    lab: Any, processes: Processes, interfere: Any, *, undo: bool
) -> None:
    processes.begin(Point(e.StepFinished, "create-user"))
    unchanged = interfere(lab)
    record = processes.again(undo=undo)

    assert record.status is not RunStatus.DONE
    assert unchanged()
    assert lab.members() == []
    assert len(lab.trust()["Statement"]) == 1


def test_a_user_deleted_between_two_processes_is_not_created_again(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.CallFinished, "iam:CreateUser"))
    lab.iam.delete_user(UserName=lab.name)
    record = processes.again(undo=False)

    assert record.problem.code == "NoSuchEntity"
    assert record.steps["create-user"].status is StepStatus.UNDONE
    assert not lab.exists(lab.name)


def test_a_trust_policy_changed_between_two_processes_keeps_the_change(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.StepFinished, "role-trust"))
    trust = lab.trust()
    other = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    changed = json.dumps({**trust, "Statement": [*trust["Statement"], other]})
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=changed)
    record = processes.again(undo=True)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.trust()["Statement"] == [trust["Statement"][0], other]

"""What others did between two processes of a run stops it, and is not touched."""

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


def test_a_user_that_holds_something_of_anothers_is_not_deleted(lab: Any, processes: Processes) -> None:
    """AWS would refuse it; not every endpoint does."""
    processes.begin(Point(e.StepFinished, "access-key"))
    foreign_key(lab)
    record = processes.again(undo=True)

    assert record.status is RunStatus.INCOMPLETE
    calls = [call.operation for step in record.steps.values() for call in step.calls]
    assert "iam:DeleteUser" not in calls
    assert record.facts["access_key_id"] not in lab.keys(lab.name)


def test_a_password_that_another_sets_after_ours_was_removed_stays(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.StepFinished, "login-profile"), access="console")
    processes.again(undo=True, point=Point(e.CallFinished, "iam:DeleteLoginProfile"))
    untouched = foreign_profile(lab)
    record = processes.again(undo=True)

    assert record.status is RunStatus.INCOMPLETE
    assert untouched()


def foreign_key(lab: Any) -> Callable[[], bool]:
    key = lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"]
    return lambda: key in lab.keys(lab.name)


def foreign_profile(lab: Any) -> Callable[[], bool]:
    lab.iam.create_login_profile(UserName=lab.name, Password="Somebody-Elses-77-Password")
    return lambda: bool(lab.iam.get_login_profile(UserName=lab.name))


def foreign_policy(lab: Any) -> Callable[[], bool]:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    lab.iam.put_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME, PolicyDocument=document)
    return lambda: lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == [INLINE_POLICY_NAME]


def foreign_user(lab: Any) -> Callable[[], bool]:
    lab.iam.delete_user(UserName=lab.name)
    user = lab.iam.create_user(UserName=lab.name)["User"]
    key = lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"]

    def untouched() -> bool:
        return lab.iam.get_user(UserName=lab.name)["User"]["UserId"] == user["UserId"] and key in lab.keys(lab.name)

    return untouched


def foreign_device(lab: Any) -> Callable[[], bool]:
    device = lab.iam.create_virtual_mfa_device(VirtualMFADeviceName=f"theirs-{lab.name}")["VirtualMFADevice"]
    serial, totp, now = device["SerialNumber"], pyotp.TOTP(device["Base32StringSeed"].decode()), int(time.time())
    codes = {"AuthenticationCode1": totp.at(now - 30), "AuthenticationCode2": totp.at(now)}
    lab.iam.enable_mfa_device(UserName=lab.name, SerialNumber=serial, **codes)
    return lambda: (
        [item["SerialNumber"] for item in lab.iam.list_mfa_devices(UserName=lab.name)["MFADevices"]] == [serial]
    )


FOREIGN = [foreign_key, foreign_profile, foreign_policy, foreign_user, foreign_device]


@pytest.mark.parametrize("undo", [False, True])
@pytest.mark.parametrize("interfere", FOREIGN)
def test_what_others_did_between_stops_the_run_and_is_not_touched(
    lab: Any, processes: Processes, interfere: Any, *, undo: bool
) -> None:
    processes.begin(Point(e.StepFinished, "create-user"))
    untouched = interfere(lab)
    record = processes.again(undo=undo)

    assert record.status is not RunStatus.DONE
    assert untouched()
    assert lab.members() == []
    assert len(lab.trust()["Statement"]) == 1


def test_a_user_that_somebody_deleted_between_is_not_made_again(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.CallFinished, "iam:CreateUser"))
    lab.iam.delete_user(UserName=lab.name)
    record = processes.again(undo=False)

    assert record.problem.code == "NoSuchEntity"
    assert record.steps["create-user"].status is StepStatus.UNDONE
    assert not lab.exists(lab.name)


def test_a_trust_policy_that_somebody_changed_between_keeps_the_change(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.StepFinished, "role-trust"))
    trust = lab.trust()
    other = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    changed = json.dumps({**trust, "Statement": [*trust["Statement"], other]})
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=changed)
    record = processes.again(undo=True)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.trust()["Statement"] == [trust["Statement"][0], other]

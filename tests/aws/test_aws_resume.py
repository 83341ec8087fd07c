"""A killed run is resumed or undone by another process: it has everything once, or nothing, and nothing of others."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from killing import IDENTITY, Point, Processes

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.domain.record import RunRecord

OPERATION = {
    "create-user": "iam:CreateUser",
    "mfa-device": "iam:CreateVirtualMFADevice",
    "enrolment": "iam:EnableMFADevice",
    "login-profile": "iam:CreateLoginProfile",
    "access-key": "iam:CreateAccessKey",
    "inline-policy": "iam:PutUserPolicy",
    "group-membership": "iam:AddUserToGroup",
    "role-trust": "iam:UpdateAssumeRolePolicy",
}


POINTS = [
    *(Point(e.CallStarted, operation) for operation in OPERATION.values()),
    *(Point(e.CallFinished, operation, before=True) for operation in OPERATION.values()),
    *(Point(e.CallFinished, operation) for operation in OPERATION.values()),
    *(Point(r.FactLearned, step, before) for step in ("create-user", "access-key") for before in (True, False)),
    *(Point(r.EnvelopeStarted, step) for step in ("mfa-device", "login-profile", "access-key")),
    *(Point(e.StepStarted, step) for step in OPERATION if step != "enrolment"),
    *(Point(e.StepFinished, step) for step in OPERATION if step != "enrolment"),
]


@pytest.fixture
def processes(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Processes:
    return Processes(lab, monkeypatch)


def complete(lab: Any, record: RunRecord) -> bool:
    """Assert that everything exists once, and that the sealed secrets are the valid ones."""
    assert record.status is RunStatus.DONE, record.problem
    assert lab.iam.get_user(UserName=lab.name)["User"]["UserId"] == record.facts["user_id"]
    assert lab.keys(lab.name) == [record.facts["access_key_id"]] == [opened(lab, "access-key")["access_key_id"]]
    assert lab.devices(lab.name) == [record.facts["mfa_serial"]] == [opened(lab, "mfa-seed")["serial_number"]]
    assert len(lab.iam.list_mfa_devices(UserName=lab.name)["MFADevices"]) == 1
    assert lab.iam.get_login_profile(UserName=lab.name)
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == [INLINE_POLICY_NAME]
    assert lab.members() == [lab.name]
    assert len(lab.trust()["Statement"]) == 2
    assert {info.path: info.sha256 for info in record.envelopes} == on_disk(lab)
    return True


def opened(lab: Any, contents: str) -> dict[str, str]:
    sealed = (lab.directory / f"{lab.name}.{contents}.age").read_bytes()
    return dict(json.loads(pyrage.decrypt(sealed, [IDENTITY]))["secret"])


def on_disk(lab: Any) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in lab.directory.iterdir()}


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_killed_run_resumes_to_exactly_one_of_everything(lab: Any, processes: Processes, point: Point) -> None:
    processes.begin(point)
    sealed = {step.id: step.envelopes for step in processes.record.steps.values() if step.is_done}
    record = processes.again(undo=False)

    assert complete(lab, record)
    assert {id: record.steps[id].envelopes for id in sealed} == sealed


@pytest.mark.parametrize("point", [point for point in POINTS if point.before or point.kind is e.CallStarted], ids=str)
def test_a_killed_run_is_undone_completely(lab: Any, processes: Processes, point: Point) -> None:
    processes.begin(point)
    record = processes.again(undo=True)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.nothing_left()


def two_of_three() -> dict[str, Any]:
    custodians = [IDENTITY, pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()]
    return {"seal_to": [str(one.to_public()) for one in custodians], "seal_threshold": 2}


def test_a_run_that_is_killed_between_the_files_of_one_secret_seals_a_new_one_for_every_group(
    lab: Any, processes: Processes
) -> None:
    processes.begin(Point(e.CallFinished, "iam:CreateAccessKey"), **two_of_three())
    processes.again(undo=False, point=Point(r.EnvelopeStarted, "access-key"))
    record = processes.again(undo=False)

    assert record.status is RunStatus.DONE, record.problem
    assert lab.keys(lab.name) == [record.facts["access_key_id"]]
    assert len(record.envelopes) == 9
    assert {info.path: info.sha256 for info in record.envelopes} == on_disk(lab)


def test_an_undo_removes_every_file_of_every_group(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.StepFinished, "role-trust"), **two_of_three())
    assert len(lab.envelopes()) == 9
    record = processes.again(undo=True)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.nothing_left()


REMOVALS = ["DeleteAccessKey", "DeleteLoginProfile", "DeleteVirtualMFADevice", "DeleteUserPolicy", "DeleteUser"]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("removal", REMOVALS)
def test_an_undo_that_is_killed_is_resumed(lab: Any, processes: Processes, removal: str, *, before: bool) -> None:
    processes.begin(Point(e.StepFinished, "role-trust"))
    processes.again(undo=True, point=Point(e.CallFinished, f"iam:{removal}", before=before))
    record = processes.again(undo=False)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.nothing_left()


def test_a_resume_that_is_killed_is_resumed(lab: Any, processes: Processes) -> None:
    lost = Point(e.CallFinished, "iam:CreateAccessKey", before=True)
    processes.begin(lost)
    processes.again(undo=False, point=lost)
    assert complete(lab, processes.again(undo=False))


@pytest.mark.parametrize("undo", [False, True])
def test_a_key_created_long_after_a_lost_request_is_unmanaged_and_kept(
    lab: Any, processes: Processes, monkeypatch: pytest.MonkeyPatch, *, undo: bool
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(lab.clock, "now", lambda: datetime.now(UTC) - timedelta(hours=1))
        processes.begin(Point(e.CallStarted, "iam:CreateAccessKey"), mfa="none")
    unmanaged = lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"]
    record = processes.again(undo=undo)

    assert record.status is RunStatus.INCOMPLETE
    assert lab.keys(lab.name) == [unmanaged]
    assert record.recovery.unmanaged == {unmanaged}


def test_a_key_that_arrives_after_the_kill_is_deleted(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.CallStarted, "iam:CreateAccessKey"))
    lab.iam.create_access_key(UserName=lab.name)
    assert complete(lab, processes.again(undo=False))


@pytest.mark.parametrize("undo", [False, True])
def test_a_run_whose_directory_was_given_relative_finds_its_envelopes_again(
    lab: Any, processes: Processes, monkeypatch: pytest.MonkeyPatch, *, undo: bool
) -> None:
    monkeypatch.chdir(lab.directory.parent)
    lab.directory = Path("sealed-here")
    processes.begin(Point(e.CallStarted, "iam:EnableMFADevice"))
    record = processes.again(undo=undo)

    lab.directory = lab.directory.absolute()
    assert lab.nothing_left() if undo else complete(lab, record)


STORED = {"seal_to": [], "mfa": "none"}


@pytest.mark.parametrize(("access", "step"), [("console", "login-profile"), ("programmatic", "access-key")])
def test_a_secret_that_the_operator_stored_is_never_replaced(
    lab: Any, processes: Processes, access: str, step: str
) -> None:
    processes.begin(Point(r.SecretStored, step), access=access, **STORED)
    keys = lab.keys(lab.name)
    record = processes.again(undo=False)

    assert record.status is RunStatus.DONE, record.problem
    assert processes.asked == []
    assert lab.keys(lab.name) == keys
    assert lab.members() == [lab.name]


@pytest.mark.parametrize("access", ["console", "programmatic"])
def test_a_secret_that_was_not_stored_is_created_again(lab: Any, processes: Processes, access: str) -> None:
    processes.begin(Point(r.SecretStored, before=True), access=access, **STORED)
    before = lab.keys(lab.name)
    record = processes.again(undo=False)

    assert record.status is RunStatus.DONE, record.problem
    assert len(processes.asked) == 1
    assert len(lab.keys(lab.name)) == len(before)
    assert not before or lab.keys(lab.name) != before


@pytest.mark.parametrize(("access", "step"), [("console", "login-profile"), ("programmatic", "access-key")])
def test_a_deleted_resource_with_a_stored_secret_stops_the_run(
    lab: Any, processes: Processes, access: str, step: str
) -> None:
    processes.begin(Point(r.SecretStored, step), access=access, **STORED)
    for key in lab.keys(lab.name):
        lab.iam.delete_access_key(UserName=lab.name, AccessKeyId=key)
    if access == "console":
        lab.iam.delete_login_profile(UserName=lab.name)
    record = processes.again(undo=False)

    assert "no longer exists" in record.problem.what
    assert record.status is RunStatus.UNDONE


def test_a_device_that_the_operator_enrolled_is_kept(lab: Any, processes: Processes) -> None:
    processes.begin(Point(e.CallFinished, "iam:EnableMFADevice"), mfa="authenticator")
    seed = lab.directory / f"{lab.name}.mfa-seed.age"
    sealed = seed.read_bytes()
    record = processes.again(undo=False)

    assert record.status is RunStatus.DONE, record.problem
    assert not any(isinstance(question, MfaCodes) for question in processes.asked)
    assert seed.read_bytes() == sealed
    (info,) = record.steps["mfa-device"].envelopes
    assert (info.path, info.sha256) == (str(seed), hashlib.sha256(sealed).hexdigest())

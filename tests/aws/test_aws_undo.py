"""After any failure everything is undone. test_aws_removal_commands.py has the undos that fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from watching import at_step

from breakglass_tui.domain.events import RunStatus, StepStarted, StepUndone
from breakglass_tui.domain.problems import Problem

STEPS = {
    "create-user": ["create_user", "get_user"],
    "mfa-device": ["create_virtual_mfa_device", "encrypt", "decrypt", "enable_mfa_device", "list_mfa_devices"],
    "login-profile": ["encrypt", "decrypt", "create_login_profile", "get_login_profile"],
    "access-key": ["encrypt", "decrypt", "create_access_key", "list_access_keys"],
    "inline-policy": ["get_user_policy", "put_user_policy"],
    "group-membership": ["add_user_to_group", "list_groups_for_user"],
    "role-trust": ["get_role", "update_assume_role_policy"],
}
FAULTS = [(step, operation) for step, operations in STEPS.items() for operation in operations]


@pytest.mark.parametrize(("step", "operation"), FAULTS)
def test_a_denied_call_undoes_everything(lab: Any, spoil: Any, step: str, operation: str) -> None:
    watch = at_step(step, lambda: spoil(operation, code="AccessDenied", times=1))
    with_kms = {"kms_key_id": "alias/break-glass"} if operation in ("encrypt", "decrypt") else {}
    outcome = lab.run(lab.everything(**with_kms), watch=watch)

    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert outcome.record.problem.what.startswith("You are not allowed to call ")
    assert outcome.record.problem.code == "AccessDenied"
    assert lab.nothing_left()


@pytest.mark.parametrize(
    ("made", "looked"),
    [
        ("create_user", "get_user"),
        ("create_virtual_mfa_device", "list_virtual_mfa_devices"),
        ("create_login_profile", "get_login_profile"),
        ("create_access_key", "list_access_keys"),
        ("put_user_policy", "get_user_policy"),
        ("add_user_to_group", "list_groups_for_user"),
    ],
)
def test_a_resource_with_a_lost_answer_that_cannot_be_read_is_undone(
    lab: Any, spoil: Any, made: str, looked: str
) -> None:
    spoil(made, when="after", times=1, then=lambda: spoil(looked, code="AccessDenied", times=1))
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.UNDONE, (outcome.record.not_removed, outcome.record.problem)
    assert lab.nothing_left()


def test_a_full_disk_undoes_everything(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = lab.everything()

    def full(*_: Any, **__: Any) -> Any:
        raise Problem("Cannot write to the disk.")

    monkeypatch.setattr(setup.envelopes, "write", full)
    assert lab.run(setup).record.status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_an_envelope_that_cannot_be_removed_is_named(lab: Any, monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    real = Path.unlink

    def refuse(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".json":
            raise PermissionError(13, "Permission denied")
        real(self, missing_ok=missing_ok)

    def fail() -> None:
        monkeypatch.setattr(Path, "unlink", refuse)
        spoil("put_user_policy", code="AccessDenied")

    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at_step("inline-policy", fail))
    monkeypatch.undo()
    (left,) = outcome.record.not_removed
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert left.next == f"rm -- {lab.directory / lab.name}.password.kms.json"
    assert not lab.exists(lab.name)


def test_a_user_that_cannot_be_removed_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    spoil("put_user_policy", code="AccessDenied")
    busy = spoil("delete_login_profile", code="EntityTemporarilyUnmodifiable", times=40)
    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"))

    assert outcome.record.status is RunStatus.UNDONE
    assert busy.sent == 1
    assert lab.nothing_left()


def test_a_key_that_arrives_after_the_undo_of_its_step_is_deleted_too(lab: Any, spoil: Any) -> None:
    def late(event: Any, run: Any) -> None:
        if isinstance(event, StepUndone) and event.step == "access-key":
            lab.iam.create_access_key(UserName=lab.name)

    spoil("create_access_key", when="before")
    outcome = lab.run(lab.setup(access="programmatic", kms_key_id="alias/break-glass"), watch=late)

    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert lab.nothing_left()


def test_a_removal_whose_answer_is_lost_is_repeated(lab: Any, spoil: Any) -> None:
    spoil("put_user_policy", code="AccessDenied")
    removal = spoil("delete_user", when="after", times=1)
    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"))

    assert outcome.record.status is RunStatus.UNDONE
    assert removal.seen == 2
    assert lab.nothing_left()


@pytest.mark.parametrize("step", ["mfa-device", "login-profile", "inline-policy"])
def test_stopping_at_any_step_and_undoing_leaves_nothing(lab: Any, step: str) -> None:
    def stop(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == step:
            run.stop("undo")

    outcome = lab.run(lab.everything(), watch=stop)
    assert outcome.record.status is RunStatus.UNDONE
    assert outcome.record.stopped
    assert lab.nothing_left()


def test_stopping_while_a_question_is_open_leaves_nothing(lab: Any) -> None:
    def stop(asked: Any, run: Any) -> None:
        run.stop("undo")

    outcome = lab.run(lab.setup(access="programmatic", mfa="authenticator"), stop)
    assert outcome.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_stopping_and_keeping_keeps_the_resources_created(lab: Any) -> None:
    def stop(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == "access-key":
            run.stop("keep")

    outcome = lab.run(lab.everything(), watch=stop)
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert len(lab.keys(lab.name)) == 1
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == []


@pytest.mark.parametrize("access", ["console", "programmatic"])
def test_stopping_and_keeping_deletes_a_credential_that_was_not_stored(lab: Any, access: str) -> None:
    def stop(asked: Any, run: Any) -> None:
        run.stop("keep")

    outcome = lab.run(lab.setup(access=access), stop)
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert lab.keys(lab.name) == []
    with pytest.raises(lab.iam.exceptions.NoSuchEntityException):
        lab.iam.get_login_profile(UserName=lab.name)

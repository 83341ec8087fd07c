"""Whatever fails, nothing is left behind; and what cannot be removed is named with the command that removes it."""

from __future__ import annotations

import shlex
from contextlib import suppress
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
    told = lab.run(lab.everything(**with_kms), watch=watch)

    assert told.record.status is RunStatus.UNDONE, told.record.not_removed
    assert told.record.problem.what.startswith("You are not allowed to call ")
    assert told.record.problem.code == "AccessDenied"
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
def test_what_was_made_but_neither_told_nor_found_is_undone(lab: Any, spoil: Any, made: str, looked: str) -> None:
    spoil(made, when="after", times=1, then=lambda: spoil(looked, code="AccessDenied", times=1))
    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.UNDONE, (told.record.not_removed, told.record.problem)
    assert lab.nothing_left()


def test_a_full_disk_undoes_everything(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = lab.everything()

    def full(*_: Any, **__: Any) -> Any:
        raise Problem("Cannot write to the disk.")

    monkeypatch.setattr(setup.envelopes, "keep", full)
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

    told = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at_step("inline-policy", fail))
    monkeypatch.undo()
    (left,) = told.record.not_removed
    assert told.record.status is RunStatus.INCOMPLETE
    assert left.next == f"rm -- {lab.directory / lab.name}.password.kms.json"
    assert not lab.exists(lab.name)


REMOVALS = [
    "delete_access_key",
    "delete_login_profile",
    "deactivate_mfa_device",
    "delete_virtual_mfa_device",
    "delete_user_policy",
    "remove_user_from_group",
    "delete_user",
]


@pytest.mark.parametrize("removal", REMOVALS)
def test_what_cannot_be_removed_is_named_with_a_command_that_works(
    lab: Any, spoil: Any, removal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == "role-trust":
            spoil("update_assume_role_policy", code="AccessDenied", times=1)
            spoil(removal, code="AccessDenied")

    told = lab.run(lab.everything(), watch=stop)
    assert told.record.status is RunStatus.INCOMPLETE
    left = [event.left for event in told.events if isinstance(event, StepUndone) and event.left]
    assert left
    assert all(problem.what.endswith("is still there.") for problem in left)

    monkeypatch.undo()
    for problem in left:
        for command in problem.next.split(" && "):
            by_hand(lab.iam, command)
    assert not lab.exists(lab.name)
    assert lab.devices(lab.name) == []
    assert lab.members() == []


def by_hand(iam: Any, command: str) -> None:
    """What the aws CLI would do."""
    program, service, operation, *words = shlex.split(command)
    assert (program, service) == ("aws", "iam")
    names = ["".join(part.capitalize() for part in word[2:].split("-")) for word in words[::2]]
    parameters = dict(zip(names, words[1::2], strict=True))
    with suppress(iam.exceptions.NoSuchEntityException):
        getattr(iam, operation.replace("-", "_"))(**parameters)


def test_the_command_for_a_trust_policy_takes_out_that_statement_alone(lab: Any, spoil: Any) -> None:
    def spoil_last(event: Any, run: Any) -> None:
        if type(event).__name__ == "UndoStarted":
            spoil("update_assume_role_policy", code="AccessDenied")
        if isinstance(event, StepStarted) and event.step == "inline-policy":
            spoil("get_user_policy", code="AccessDenied", skip=1, times=1)

    told = lab.run(lab.everything(), watch=spoil_last)
    assert told.record.status is RunStatus.INCOMPLETE
    before = lab.trust()
    assert len(before["Statement"]) == 2
    (left,) = told.record.not_removed
    by_hand(lab.iam, left.next)
    assert lab.trust() == {**before, "Statement": before["Statement"][:1]}


def test_a_user_that_cannot_be_removed_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    spoil("put_user_policy", code="AccessDenied")
    busy = spoil("delete_login_profile", code="EntityTemporarilyUnmodifiable", times=40)
    told = lab.run(lab.setup(kms_key_id="alias/break-glass"))

    assert told.record.status is RunStatus.UNDONE
    assert busy.sent == 1
    assert lab.nothing_left()


def test_a_key_that_lands_after_its_own_undo_does_not_keep_the_user_alive(lab: Any, spoil: Any) -> None:
    def late(event: Any, run: Any) -> None:
        if isinstance(event, StepUndone) and event.step == "access-key":
            lab.iam.create_access_key(UserName=lab.name)

    spoil("create_access_key", when="before")
    told = lab.run(lab.setup(access="programmatic", kms_key_id="alias/break-glass"), watch=late)

    assert told.record.status is RunStatus.UNDONE, told.record.not_removed
    assert lab.nothing_left()


def test_a_removal_whose_answer_is_lost_is_repeated(lab: Any, spoil: Any) -> None:
    spoil("put_user_policy", code="AccessDenied")
    removal = spoil("delete_user", when="after", times=1)
    told = lab.run(lab.setup(kms_key_id="alias/break-glass"))

    assert told.record.status is RunStatus.UNDONE
    assert removal.seen == 2
    assert lab.nothing_left()


@pytest.mark.parametrize("step", ["mfa-device", "login-profile", "inline-policy"])
def test_stopping_at_any_step_and_undoing_leaves_nothing(lab: Any, step: str) -> None:
    def stop(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == step:
            run.stop("undo")

    told = lab.run(lab.everything(), watch=stop)
    assert told.record.status is RunStatus.UNDONE
    assert told.record.stopped
    assert lab.nothing_left()


def test_stopping_while_a_question_is_open_leaves_nothing(lab: Any) -> None:
    def stop(asked: Any, run: Any) -> None:
        run.stop("undo")

    told = lab.run(lab.setup(access="programmatic", mfa="authenticator"), stop)
    assert told.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_stopping_and_keeping_leaves_what_was_made(lab: Any) -> None:
    def stop(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == "access-key":
            run.stop("keep")

    told = lab.run(lab.everything(), watch=stop)
    assert told.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert len(lab.keys(lab.name)) == 1
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == []


@pytest.mark.parametrize("access", ["console", "programmatic"])
def test_stopping_and_keeping_does_not_keep_a_credential_that_nobody_stored(lab: Any, access: str) -> None:
    def stop(asked: Any, run: Any) -> None:
        run.stop("keep")

    told = lab.run(lab.setup(access=access), stop)
    assert told.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert lab.keys(lab.name) == []
    with pytest.raises(lab.iam.exceptions.NoSuchEntityException):
        lab.iam.get_login_profile(UserName=lab.name)

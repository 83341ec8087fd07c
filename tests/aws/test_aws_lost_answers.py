"""The answer to a write is lost: the run reads what exists, and never repeats the write blindly."""

from __future__ import annotations

from typing import Any

import pytest

from breakglass_tui.domain.events import CallDelayed, RunStatus, StepStatus

LOST = [
    "create_user",
    "create_virtual_mfa_device",
    "enable_mfa_device",
    "create_login_profile",
    "create_access_key",
    "put_user_policy",
    "add_user_to_group",
    "update_assume_role_policy",
]


def complete(lab: Any) -> bool:
    """Assert that everything of ``lab.everything()`` exists, once."""
    assert lab.exists(lab.name)
    assert len(lab.keys(lab.name)) == 1
    assert len(lab.devices(lab.name)) == 1
    assert len(lab.iam.list_mfa_devices(UserName=lab.name)["MFADevices"]) == 1
    assert lab.iam.get_login_profile(UserName=lab.name)["LoginProfile"]["PasswordResetRequired"]
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == ["BreakGlassAdministratorAccess"]
    assert lab.members() == [lab.name]
    assert len(lab.trust()["Statement"]) == 2
    return True


@pytest.mark.parametrize("operation", LOST)
def test_a_lost_answer_of_an_applied_request_ends_in_a_complete_user(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="after", times=1)
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert complete(lab)
    assert fault.sent == (2 if operation in ("create_access_key", "create_virtual_mfa_device") else 1)


@pytest.mark.parametrize("operation", LOST)
def test_a_request_that_never_arrived_is_sent_again_after_a_read(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="before", times=1)
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert fault.sent == 1
    assert complete(lab)


def test_a_lost_access_key_is_deleted_and_its_secret_never_kept(lab: Any, spoil: Any) -> None:
    fault = spoil("create_access_key", when="after", times=1)
    outcome = lab.run(lab.everything())

    assert fault.seen == 2
    assert outcome.calls("iam:CreateAccessKey") == 2
    assert outcome.calls("iam:DeleteAccessKey") == 1
    assert lab.keys(lab.name) == [outcome.record.facts["access_key_id"]]


def test_a_second_lost_access_key_ends_the_run_with_no_key_left(lab: Any, spoil: Any) -> None:
    fault = spoil("create_access_key", when="after")
    outcome = lab.run(lab.everything())

    assert fault.seen == 2
    assert outcome.record.steps["access-key"].status is StepStatus.UNDONE
    assert outcome.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


@pytest.mark.parametrize("operation", LOST[:5])
def test_answers_that_stay_lost_leave_nothing_behind(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="before")
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.UNDONE
    assert fault.sent == 0
    assert lab.nothing_left()


def test_a_key_that_arrives_late_is_deleted(lab: Any, spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS applies the lost request only after the read for it."""
    client = lab.clients.get("iam", region="eu-west-1", writes=True)
    spoil("create_access_key", when="before", times=1)
    faulty = client.create_access_key

    def late(**parameters: Any) -> Any:
        answer = faulty(**parameters)
        lab.iam.create_access_key(UserName=lab.name)
        return answer

    monkeypatch.setattr(client, "create_access_key", late)
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert lab.keys(lab.name) == [outcome.record.facts["access_key_id"]]


@pytest.mark.parametrize("code", ["Throttling", "ConcurrentModification"])
def test_a_refusal_without_effect_is_retried_and_recorded(lab: Any, spoil: Any, code: str) -> None:
    fault = spoil("create_access_key", code=code, times=2)
    outcome = lab.run(lab.everything())

    delays = [event for event in outcome.events if isinstance(event, CallDelayed)]
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert [(event.operation, event.reason) for event in delays] == [("iam:CreateAccessKey", code)] * 2
    assert all(0 < event.delay_s <= 8 for event in delays)
    assert fault.sent == 1
    call = next(c for c in outcome.record.steps["access-key"].calls if c.operation == "iam:CreateAccessKey")
    assert call.attempts == 3


@pytest.mark.parametrize("operation", ["create_login_profile", "create_access_key", "put_user_policy"])
def test_a_user_that_is_not_visible_yet_is_waited_for(lab: Any, spoil: Any, operation: str) -> None:
    spoil(operation, code="NoSuchEntity", times=5)
    assert lab.run(lab.everything()).record.status is RunStatus.DONE


@pytest.mark.parametrize("operation", ["list_access_keys", "list_mfa_devices", "list_groups_for_user"])
def test_a_listing_from_a_replica_without_the_user_is_repeated(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, code="NoSuchEntity", times=2)
    outcome = lab.run(lab.everything())
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert fault.seen > 2
    assert complete(lab)


def test_a_user_that_is_found_and_then_not_found_does_not_count(lab: Any, spoil: Any) -> None:
    setup = lab.setup(kms_key_id="alias/break-glass")

    def after_the_first_read(event: Any, run: Any) -> None:
        if getattr(event, "step", "") == "create-user" and type(event).__name__ == "StepStarted":
            spoil("get_user", code="NoSuchEntity", skip=1, times=1)

    outcome = lab.run(setup, watch=after_the_first_read)
    assert outcome.record.status is RunStatus.DONE
    reads = [call for call in outcome.record.steps["create-user"].calls if call.operation == "iam:GetUser"]
    errors = [call.error for call in reads]
    assert sorted(errors[:3]) == ["", "", "NoSuchEntity"], "the first reads are made at the same time"
    assert errors[3:] == [""] * 3


def test_a_user_that_never_becomes_visible_is_rolled_back(lab: Any, spoil: Any) -> None:
    def from_now_on(event: Any, run: Any) -> None:
        if type(event).__name__ == "StepStarted":
            spoil("get_user", code="NoSuchEntity", times=63)

    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=from_now_on)
    assert outcome.record.problem.code == "NotVisible"
    assert outcome.record.status is RunStatus.UNDONE
    assert lab.nothing_left()

"""The answer to a write is lost: what this run made is looked up, never sent blindly again."""

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


def whole(lab: Any) -> bool:
    """Everything of ``lab.everything()`` is there, once."""
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
def test_an_answer_lost_after_aws_did_it_ends_in_a_whole_user(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="after", times=1)
    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.DONE, told.record.problem
    assert whole(lab)
    assert fault.sent == (2 if operation in ("create_access_key", "create_virtual_mfa_device") else 1)


@pytest.mark.parametrize("operation", LOST)
def test_a_request_that_never_arrived_is_sent_again_after_a_look(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="before", times=1)
    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.DONE, told.record.problem
    assert fault.sent == 1
    assert whole(lab)


def test_a_lost_access_key_is_deleted_and_its_secret_never_kept(lab: Any, spoil: Any) -> None:
    fault = spoil("create_access_key", when="after", times=1)
    told = lab.run(lab.everything())

    assert fault.seen == 2
    assert told.calls("iam:CreateAccessKey") == 2
    assert told.calls("iam:DeleteAccessKey") == 1
    assert lab.keys(lab.name) == [told.record.facts["access_key_id"]]


def test_a_second_lost_access_key_ends_the_run_with_no_key_left(lab: Any, spoil: Any) -> None:
    fault = spoil("create_access_key", when="after")
    told = lab.run(lab.everything())

    assert fault.seen == 2
    assert told.record.steps["access-key"].status is StepStatus.UNDONE
    assert told.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


@pytest.mark.parametrize("operation", LOST[:5])
def test_answers_that_stay_lost_leave_nothing_behind(lab: Any, spoil: Any, operation: str) -> None:
    fault = spoil(operation, when="before")
    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.UNDONE
    assert fault.sent == 0
    assert lab.nothing_left()


def test_a_key_that_lands_late_is_swept_away(lab: Any, spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lost request is carried out only after we looked for it."""
    client = lab.clients.get("iam", region="eu-west-1", writes=True)
    spoil("create_access_key", when="before", times=1)
    spoilt = client.create_access_key

    def late(**parameters: Any) -> Any:
        answer = spoilt(**parameters)
        lab.iam.create_access_key(UserName=lab.name)
        return answer

    monkeypatch.setattr(client, "create_access_key", late)
    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.DONE, told.record.problem
    assert lab.keys(lab.name) == [told.record.facts["access_key_id"]]


@pytest.mark.parametrize("code", ["Throttling", "ConcurrentModification"])
def test_a_refusal_that_did_nothing_is_tried_again_and_told(lab: Any, spoil: Any, code: str) -> None:
    fault = spoil("create_access_key", code=code, times=2)
    told = lab.run(lab.everything())

    delays = [event for event in told.events if isinstance(event, CallDelayed)]
    assert told.record.status is RunStatus.DONE, told.record.problem
    assert [(event.operation, event.reason) for event in delays] == [("iam:CreateAccessKey", code)] * 2
    assert all(0 < event.delay_s <= 8 for event in delays)
    assert fault.sent == 1
    call = next(c for c in told.record.steps["access-key"].calls if c.operation == "iam:CreateAccessKey")
    assert call.attempts == 3


@pytest.mark.parametrize("operation", ["create_login_profile", "create_access_key", "put_user_policy"])
def test_a_user_that_is_not_visible_yet_is_waited_for(lab: Any, spoil: Any, operation: str) -> None:
    spoil(operation, code="NoSuchEntity", times=5)
    assert lab.run(lab.everything()).record.status is RunStatus.DONE


@pytest.mark.parametrize("operation", ["list_access_keys", "list_mfa_devices", "list_groups_for_user"])
def test_a_listing_from_a_replica_that_does_not_know_the_user_yet_is_asked_again(
    lab: Any, spoil: Any, operation: str
) -> None:
    fault = spoil(operation, code="NoSuchEntity", times=2)
    told = lab.run(lab.everything())
    assert told.record.status is RunStatus.DONE, told.record.problem
    assert fault.seen > 2
    assert whole(lab)


def test_a_user_that_is_seen_and_then_not_seen_is_not_believed(lab: Any, spoil: Any) -> None:
    setup = lab.setup(kms_key_id="alias/break-glass")

    def after_the_first_read(event: Any, run: Any) -> None:
        if getattr(event, "step", "") == "create-user" and type(event).__name__ == "StepStarted":
            spoil("get_user", code="NoSuchEntity", skip=1, times=1)

    told = lab.run(setup, watch=after_the_first_read)
    assert told.record.status is RunStatus.DONE
    reads = [call for call in told.record.steps["create-user"].calls if call.operation == "iam:GetUser"]
    assert [call.error for call in reads] == ["", "NoSuchEntity", "", "", ""]


def test_a_user_that_never_becomes_visible_is_removed_again(lab: Any, spoil: Any) -> None:
    def from_now_on(event: Any, run: Any) -> None:
        if type(event).__name__ == "StepStarted":
            spoil("get_user", code="NoSuchEntity", times=61)

    told = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=from_now_on)
    assert told.record.problem.code == "NotVisible"
    assert told.record.status is RunStatus.UNDONE
    assert lab.nothing_left()

"""Another admin deletes the user during a run, or deletes it and creates another user of the same name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from stored_runs import only_run

from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.own_tags import RUN_TAG
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.engine.compose import resumed_run, resumed_setup

SECONDS = 45
"""The most seconds that the steps wait together. Steps wait in parallel, so the run takes about half of it."""


def delete_user(lab: Any) -> None:
    """Delete the user and what AWS wants removed first, as another admin.

    The steps run in parallel. If one of them writes in between, AWS refuses the deletion and the admin repeats it.
    """
    while True:
        try:
            return _delete_user(lab)
        except lab.iam.exceptions.DeleteConflictException:
            continue


def _delete_user(lab: Any) -> None:
    for group in lab.iam.list_groups_for_user(UserName=lab.name)["Groups"]:
        lab.iam.remove_user_from_group(UserName=lab.name, GroupName=group["GroupName"])
    for key in lab.keys(lab.name):
        lab.iam.delete_access_key(UserName=lab.name, AccessKeyId=key)
    for policy in lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"]:
        lab.iam.delete_user_policy(UserName=lab.name, PolicyName=policy)
    lab.iam.delete_user(UserName=lab.name)


def recreate(lab: Any, **tags: str) -> None:
    delete_user(lab)
    lab.iam.create_user(UserName=lab.name, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


@pytest.fixture
def before(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """Return a function that lets another admin act once, just before a write of the program arrives at AWS."""

    def set_it(operation: str, act: Callable[[], object]) -> None:
        client = lab.clients.get("iam", region="eu-west-1", writes=True)
        real, acted = getattr(client, operation), []

        def late(**parameters: Any) -> Any:
            if not acted:
                acted.append(act())
            return real(**parameters)

        monkeypatch.setattr(client, operation, late)

    return set_it


def setup(lab: Any, **fields: Any) -> Any:
    return lab.everything(access="programmatic", mfa="none", **fields)


def undo(lab: Any) -> Any:
    stored = only_run(lab.store)
    again = resumed_setup(stored, lab.account)
    for _ in resumed_run(lab.cloud, again, stored, lab.store, undo=True, clock=lab.clock).events():
        pass
    stored = only_run(lab.store)
    return stored.record


def policies(lab: Any) -> list[str]:
    return list(lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"])


def test_a_policy_that_lands_on_another_user_is_removed(lab: Any, before: Callable[..., None]) -> None:
    before("put_user_policy", lambda: recreate(lab))
    outcome = lab.run(setup(lab, groups=[], role_arn=""))

    assert outcome.record.problem is not None
    assert outcome.record.problem.code == "EntityAlreadyExists"
    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert lab.exists(lab.name)
    assert policies(lab) == []
    notes = [event.text for event in outcome.events if isinstance(event, e.StepNoted)]
    assert any("another user of this name" in note for note in notes), notes


def test_a_policy_on_the_user_of_another_run_is_reported_with_its_command(
    lab: Any, before: Callable[..., None]
) -> None:
    """Another run puts the same policy, so it may be its own."""
    before("put_user_policy", lambda: recreate(lab, **{RUN_TAG: "0123456789abcdef"}))
    outcome = lab.run(setup(lab, groups=[], role_arn=""))

    assert outcome.record.status is RunStatus.INCOMPLETE
    (left,) = outcome.record.not_removed
    assert "another user of this name" in left.why
    assert left.next.startswith(f"aws iam delete-user-policy --user-name {lab.name}")
    assert policies(lab) == [INLINE_POLICY_NAME]


def test_a_membership_of_another_user_is_reported_with_its_command(lab: Any, before: Callable[..., None]) -> None:
    before("add_user_to_group", lambda: recreate(lab))
    outcome = lab.run(setup(lab, role_arn=""))

    assert outcome.record.status is RunStatus.INCOMPLETE
    nexts = [left.next for left in outcome.record.not_removed]
    assert [text.split(" --")[0] for text in nexts] == ["aws iam remove-user-from-group"], nexts
    assert lab.members() == [lab.name]


def test_a_key_that_lands_on_another_user_is_removed(lab: Any, before: Callable[..., None]) -> None:
    before("create_access_key", lambda: recreate(lab))
    outcome = lab.run(setup(lab, groups=[], role_arn=""))

    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert lab.keys(lab.name) == []


@pytest.mark.parametrize("operation", ["create_access_key", "put_user_policy", "add_user_to_group"])
def test_the_undo_calls_only_what_the_steps_declare(lab: Any, before: Callable[..., None], operation: str) -> None:
    before(operation, lambda: recreate(lab))
    request = setup(lab)
    events = lab.run(request).events
    start = next(index for index, event in enumerate(events) if isinstance(event, e.UndoStarted))
    declared = {step.id: set(step.undo_actions) for step in lab.cloud.plan(request).steps}
    finished = [event for event in events[start:] if isinstance(event, e.CallFinished)]
    assert finished
    assert {(one.id, one.call.operation) for one in finished if one.call.operation not in declared[one.id]} == set()


def test_a_policy_of_a_user_created_long_after_the_run_is_not_touched(
    lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = lab.clock.now
    with monkeypatch.context() as patch:
        patch.setattr(lab.clock, "now", lambda: _earlier(now()), raising=False)
        outcome = lab.run(setup(lab, groups=[], role_arn=""))
    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    document = lab.iam.get_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME)["PolicyDocument"]
    recreate(lab)
    lab.iam.put_user_policy(UserName=lab.name, PolicyName=INLINE_POLICY_NAME, PolicyDocument=json.dumps(document))

    assert undo(lab).status is RunStatus.UNDONE
    assert policies(lab) == [INLINE_POLICY_NAME]


def _earlier(now: datetime) -> datetime:
    return now - timedelta(hours=1)


@pytest.mark.parametrize("operation", ["create_access_key", "put_user_policy", "add_user_to_group"])
def test_a_user_deleted_during_the_run_is_reported_in_seconds(
    lab: Any, before: Callable[..., None], operation: str
) -> None:
    before(operation, lambda: delete_user(lab))
    outcome = lab.run(setup(lab))

    assert outcome.record.problem is not None
    assert outcome.record.problem.code == "NoSuchEntity"
    assert "no longer exists" in outcome.record.problem.what
    assert "DeleteUser" in outcome.record.problem.next
    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert lab.clock.waited < SECONDS
    assert sum(isinstance(event, e.CallStarted) for event in outcome.events) < 100

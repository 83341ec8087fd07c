"""The actions that a step names are those that it calls: the preflight check asks for exactly these."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import pytest
from killing import Point, Processes
from stored_runs import only_run

from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.observation import Observation
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.run_log import RunLog
from breakglass_tui.engine.step_context import StepContext

WITHOUT_A_CALL = {"iam:TagUser", "iam:TagMFADevice"}
"""Needed because resources are tagged at their creation (Service Authorization Reference, IAM)."""
WITHOUT_OTHER_USER = {"iam:ListGroupsForUser"}
"""Called by the undo only if another admin replaced the user during the run."""
Calls = defaultdict[str, set[str]]


@pytest.fixture
def untagged(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Omit the tags in GetUser, as some endpoints do."""
    client = lab.clients.get("iam", region="eu-west-1", writes=False)
    real = client.get_user

    def get_user(**parameters: Any) -> Any:
        answer = real(**parameters)
        answer["User"].pop("Tags", None)
        return answer

    monkeypatch.setattr(client, "get_user", get_user)


@pytest.mark.usefixtures("untagged")
def test_each_step_names_every_action_it_calls_and_no_other(
    lab: Any, spoil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = Processes(lab, monkeypatch)
    spoil("create_access_key", when="after", times=1)
    spoil("create_virtual_mfa_device", when="after", times=1)
    spoil("create_login_profile", code="PasswordPolicyViolation", times=1)
    spoil("add_user_to_group", code="NoSuchEntity", times=1)
    processes.begin(Point(e.StepFinished, "login-profile", before=True), kms_key_id="alias/break-glass")
    assert processes.again(undo=False).status is RunStatus.DONE
    assert processes.again(undo=True).status is RunStatus.UNDONE

    applied, undone = called(processes)
    for step in lab.cloud.plan(lab.everything(kms_key_id="alias/break-glass")).steps:
        assert set(step.actions) - WITHOUT_A_CALL == applied[step.id], step.id
        assert set(step.undo_actions) - WITHOUT_OTHER_USER == undone[step.id], step.id


def called(processes: Processes) -> tuple[Calls, Calls]:
    """Return what each step called before the undo, and during it."""
    applied, undone = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    calls = applied
    for event in processes.events():
        if isinstance(event, e.UndoStarted):
            calls = undone
        elif isinstance(event, e.CallStarted) and event.source is e.CallSource.STEP:
            calls[event.id].add(event.operation)
    return applied, undone


@pytest.mark.usefixtures("untagged")
def test_observing_calls_only_the_actions_that_the_steps_name(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes(lab, monkeypatch)
    processes.begin(Point(e.StepFinished, "role-trust"))
    stored = only_run(lab.store)
    for step in processes.cloud.plan(resumed_setup(stored, lab.account)).steps:
        observed: list[Any] = []
        context = StepContext(
            source=e.CallSource.CHECK,
            id=step.id,
            publish=observed.append,
            clock=lab.clock,
            stop=threading.Event(),
            run_log=RunLog(processes.record),
        )
        assert step.find(context).observation in (Observation.THERE, Observation.ABSENT)
        assert {call.operation for call in context.calls} <= {*step.actions, *step.undo_actions}, step.id

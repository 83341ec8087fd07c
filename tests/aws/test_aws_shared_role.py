"""Two writers of one trust policy: AWS replaces the whole policy, so the change of the other one must not be lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from killing import Point, Processes

from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus

OTHER = {"Sid": "Theirs", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
LIMIT_S = 5.0


@pytest.fixture
def processes(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Processes:
    return Processes(lab, monkeypatch)


def put_other(lab: Any) -> dict[str, Any]:
    """Add the statement of another admin, and return the policy."""
    trust = lab.trust()
    changed = {**trust, "Statement": [*trust["Statement"], OTHER]}
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(changed))
    return changed


@pytest.fixture
def during_update(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Return a function that sets what another admin does while the first update of the trust policy is in flight.

    The update reaches AWS after the program has read the policy once more.
    """

    def set_it(act: Callable[[], object]) -> None:
        read, acted = threading.Event(), []
        writes, reads = (lab.clients.get("iam", region="eu-west-1", writes=each) for each in (True, False))
        update, get_role = writes.update_assume_role_policy, reads.get_role

        def delayed(**parameters: Any) -> Any:
            if not acted:
                acted.append(act())
                read.wait(LIMIT_S)
            return update(**parameters)

        def seen(**parameters: Any) -> Any:
            answer = get_role(**parameters)
            if acted:
                read.set()
            return answer

        monkeypatch.setattr(writes, "update_assume_role_policy", delayed)
        monkeypatch.setattr(reads, "get_role", seen)

    return set_it


def test_a_statement_that_another_admin_adds_while_the_update_is_in_flight_is_kept(
    lab: Any, during_update: Callable[..., None]
) -> None:
    during_update(lambda: put_other(lab))
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    sids = [statement.get("Sid", "") for statement in lab.trust()["Statement"]]
    assert sids == ["", "Theirs", f"BreakGlass{outcome.setup.run_id}"]
    notes = [event.text for event in outcome.events if isinstance(event, e.StepNoted)]
    assert any("another admin" in note and json.dumps(OTHER) in note for note in notes), notes


def test_a_removal_keeps_the_statement_that_another_admin_adds_while_it_is_in_flight(
    lab: Any, processes: Processes, during_update: Callable[..., None]
) -> None:
    before = lab.trust()
    processes.begin(Point(e.StepFinished, "role-trust"))
    during_update(lambda: put_other(lab))
    record = processes.again(undo=True)

    assert record.status is RunStatus.UNDONE, record.not_removed
    assert lab.trust() == {**before, "Statement": [*before["Statement"], OTHER]}


def test_an_update_that_another_admin_replaces_is_reported_at_once(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other admin read the policy before this run wrote it, so their update has no statement of this run."""
    client = lab.clients.get("iam", region="eu-west-1", writes=True)
    update, before = client.update_assume_role_policy, lab.trust()
    theirs = {**before, "Statement": [*before["Statement"], OTHER]}

    def replaced(**parameters: Any) -> Any:
        answer = update(**parameters)
        lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(theirs))
        return answer

    monkeypatch.setattr(client, "update_assume_role_policy", replaced)
    started_at = lab.clock.waited
    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    assert outcome.record.problem.code == "Changed"
    assert outcome.record.steps["role-trust"].calls[-1].operation == "iam:GetRole"
    assert lab.clock.waited - started_at < 60
    assert lab.trust() == theirs


def test_a_statement_of_another_run_since_the_review_does_not_stop_a_run(lab: Any) -> None:
    first, second = lab.everything(), lab.everything(user_name=f"{lab.name}-b")
    assert lab.run(first).record.status is RunStatus.DONE
    outcome = lab.run(second)

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    sids = [statement.get("Sid", "") for statement in lab.trust()["Statement"]]
    assert sids == ["", f"BreakGlass{first.run_id}", f"BreakGlass{second.run_id}"]


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "sts:AssumeRoleWithSAML"},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Effect": "Deny"},
        {"Sid": "BreakGlassX"},
    ],
)
def test_a_statement_that_only_looks_like_that_of_a_run_stops_the_run(lab: Any, change: dict[str, Any]) -> None:
    trust = lab.trust()
    user = f"arn:aws:iam::{lab.demo.account_id}:root"
    statement = {"Sid": "BreakGlass0123456789abcdef", "Effect": "Allow", "Principal": {"AWS": user}}
    forged = {**statement, "Action": "sts:AssumeRole", **change}
    changed = {**trust, "Statement": [*trust["Statement"], forged]}
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(changed))

    assert lab.run(lab.everything()).record.problem.code == "Changed"
    assert lab.trust() == changed

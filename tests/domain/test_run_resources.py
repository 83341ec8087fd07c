"""The resources of a run by name: only those that were created, or whose creation is not confirmed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import FactLearned
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.run_resources import WRITES, RunResource, run_resources

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RUN = "a1b2c3d4-0000"
ROLE = "arn:aws:iam::123456789012:role/ops/Incident"
REQUEST = {"user_name": "bg-night", "groups": ["Auditors"], "role_arn": ROLE}
CALLER = "arn:aws-cn:iam::123456789012:user/ops-admin"
NAMES = {
    "create-user": "IAM user bg-night",
    "mfa-device": "virtual MFA device arn:aws-cn:iam::123456789012:mfa/bg-night-a1b2c3d4",
    "login-profile": "login profile (console password)",
    "access-key": "access key AKIA1",
    "inline-policy": "inline policy BreakGlassAdministratorAccess",
    "group-membership": "membership in group Auditors",
    "role-trust": "trust statement in role Incident",
}


def record(**request):
    """Return the record of a run whose steps have not started."""
    started = RunRecord()
    header = RunHeader(RUN, "123456789012", CALLER, "cn-north-1", demo=False, request={**REQUEST, **request})
    started.apply(e.RunStarted(NOW, header, tuple(e.StepBrief(id, id) for id in NAMES)))
    return started


def send(run, step):
    """Start ``step`` and send its write. AWS does not answer yet."""
    run.apply(e.StepStarted(NOW, step))
    run.apply(e.CallStarted(NOW, e.CallSource.STEP, step, WRITES[step], 1))


def answer(run, step, error="", *, lost=False):
    """End the write of ``step``."""
    call = Call(WRITES[step], "request-1", 10, 1, error, lost=lost)
    run.apply(e.CallFinished(NOW, e.CallSource.STEP, step, call))
    if step == "access-key" and not error:
        run.apply(FactLearned(NOW, step, "access_key_id", "AKIA1"))


@pytest.mark.parametrize("step", NAMES)
def test_a_resource_is_named_once_aws_has_created_it(step):
    run = record()
    assert run_resources(run) == ()
    run.apply(e.StepStarted(NOW, step))
    assert run_resources(run) == (), "a step that has sent nothing has created nothing"
    send(run, step)
    name = "access key with an unknown id" if step == "access-key" else NAMES[step]
    assert run_resources(run) == (RunResource(step, name, created=False),)
    answer(run, step)
    assert run_resources(run) == (RunResource(step, NAMES[step], created=True),)
    run.apply(e.StepUndone(NOW, step))
    assert run_resources(run) == ()


@pytest.mark.parametrize("step", NAMES)
def test_a_refused_write_has_created_nothing_and_a_lost_answer_leaves_it_open(step):
    refused, lost = record(), record()
    send(refused, step)
    answer(refused, step, "AccessDenied")
    assert run_resources(refused) == ()
    send(lost, step)
    answer(lost, step, "ReadTimeout", lost=True)
    assert [resource.created for resource in run_resources(lost)] == [False]


def test_a_lost_answer_may_be_a_second_access_key():
    run = record()
    send(run, "access-key")
    answer(run, "access-key", "ReadTimeout", lost=True)
    send(run, "access-key")
    answer(run, "access-key")
    assert [resource.name for resource in run_resources(run)] == ["access key AKIA1", "access key with an unknown id"]


def test_until_the_step_is_done_one_of_several_memberships_may_be_missing():
    run = record(groups=["Auditors", "Night"])
    send(run, "group-membership")
    answer(run, "group-membership")
    assert [resource.created for resource in run_resources(run)] == [False, False]
    run.apply(e.StepFinished(NOW, "group-membership", e.StepStatus.DONE, 10, "member"))
    assert run_resources(run) == (
        RunResource("group-membership", "membership in group Auditors", created=True),
        RunResource("group-membership", "membership in group Night", created=True),
    )


def test_names_from_a_journal_are_made_safe():
    run = record(user_name="bg\x1b[31m")
    send(run, "create-user")
    (user,) = run_resources(run)
    assert "\x1b" not in user.name

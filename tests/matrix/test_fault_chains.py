"""Several faults: faults in a row, faults while a run is resumed, requests that reach AWS late."""

from __future__ import annotations

from typing import Any

import pytest
from fault_bench import Armed, Bench
from fault_cells import Way, way_of
from fault_proxy import Fault

from breakglass_tui.domain.events import RunStatus

KEY, KEYS, DEVICE, LOGIN = (
    "iam:CreateAccessKey",
    "iam:ListAccessKeys",
    "iam:CreateVirtualMFADevice",
    "iam:CreateLoginProfile",
)
LOOKED_WITH = {
    KEY: KEYS,
    DEVICE: "iam:ListVirtualMFADevices",
    LOGIN: "iam:GetLoginProfile",
    "iam:CreateUser": "iam:GetUser",
}
USER, TRUST = "iam:CreateUser", "iam:UpdateAssumeRolePolicy"


def rest(*values: object) -> list[Any]:
    """Cells of the whole matrix only."""
    return [pytest.param(value, marks=pytest.mark.matrix) for value in values]


@pytest.mark.parametrize("second", [(KEY, 2, Fault.LOST), *rest((KEYS, 1, Fault.THROTTLED), (KEY, 2, Fault.THROTTLED))])
def test_a_key_whose_answer_was_lost_and_the_next_thing_goes_wrong_too(bench: Bench, second: Armed) -> None:
    record = bench.begin((KEY, 1, Fault.LOST), second)
    came = _finished(bench, record)
    assert came in (Way.DONE, Way.UNDONE), bench.story()


@pytest.mark.parametrize("operation", [KEY, *rest(DEVICE, LOGIN, USER)])
def test_credentials_that_expire_right_after_a_lost_answer_are_renewed_in_place(bench: Bench, operation: str) -> None:
    record = bench.begin((operation, 1, Fault.LOST), (LOOKED_WITH[operation], 1, Fault.EXPIRED))
    assert _finished(bench, record) is Way.DONE, bench.story()


@pytest.mark.parametrize("operation", [KEY, *rest(DEVICE, LOGIN, USER)])
def test_an_operator_who_leaves_finds_the_run_unchanged(bench: Bench, operation: str) -> None:
    bench.signs_in = False
    record = bench.begin((operation, 1, Fault.LOST), (LOOKED_WITH[operation], 1, Fault.EXPIRED))
    assert record.status is RunStatus.INCOMPLETE
    assert _finished(bench, record) is Way.RESUMED, bench.story()


@pytest.mark.parametrize("fault", [Fault.LOST, *rest(Fault.GARBAGE_AFTER, Fault.THROTTLED, Fault.EXPIRED)])
@pytest.mark.parametrize("operation", [KEY, *rest(DEVICE, LOGIN)])
def test_a_fault_while_a_run_is_resumed_is_survived_too(bench: Bench, operation: str, fault: Fault) -> None:
    bench.signs_in = False
    record = bench.begin((operation, 1, Fault.EXPIRED))
    assert record.status is RunStatus.INCOMPLETE
    assert _finished(bench, record, (operation, 1, fault)) is Way.RESUMED, bench.story()


@pytest.mark.parametrize(
    "operation", [KEY, DEVICE, *rest(USER, LOGIN, TRUST, "iam:PutUserPolicy", "iam:AddUserToGroup")]
)
def test_a_request_that_lands_seconds_later_is_found(bench: Bench, operation: str) -> None:
    record = bench.begin((operation, 1, Fault.LATE))
    assert _finished(bench, record) is Way.DONE, bench.story()


@pytest.mark.parametrize("operation", [KEY, *rest(DEVICE, LOGIN)])
def test_a_request_that_lands_during_the_rollback_is_rolled_back_too(bench: Bench, operation: str) -> None:
    record = bench.begin((operation, 1, Fault.LATE), ("iam:EnableMFADevice", 1, Fault.DENIED))
    assert _finished(bench, record) in (Way.UNDONE, Way.UNDONE_LATER), bench.story()


def test_a_network_that_goes_in_the_run_and_again_in_its_removal_leaves_nothing(bench: Bench) -> None:
    record = bench.begin(("iam:PutUserPolicy", 1, Fault.OUTAGE))
    assert record.status is RunStatus.INCOMPLETE
    record = bench.again_healed(("iam:DeleteAccessKey", 1, Fault.OUTAGE))
    assert record.status is RunStatus.INCOMPLETE
    assert _finished(bench, record) is Way.UNDONE_LATER, bench.story()


def test_a_kms_key_that_is_disabled_after_the_canary_has_everything_removed(bench: Bench) -> None:
    key = {"KeyId": bench.watched.kms.describe_key(KeyId="alias/break-glass")["KeyMetadata"]["KeyId"]}
    try:
        record = bench.begin(once_begun=lambda: bench.watched.kms.disable_key(**key))
    finally:
        bench.watched.kms.enable_key(**key)
    assert _finished(bench, record) is Way.UNDONE, bench.story()


def _finished(bench: Bench, record, *faults: Armed) -> Way:
    """Return the result, with one more process if the run is unfinished, and another one if that had a fault."""
    resumed = record.status is RunStatus.INCOMPLETE
    if resumed:
        record = bench.again_healed(*faults)
    if faults and record.status is RunStatus.INCOMPLETE:
        record = bench.again_healed()
    bench.proxy.heal()
    return way_of(bench, record, resumed=resumed)

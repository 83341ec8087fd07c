"""The fault matrix: every call of every phase, its possible faults, and the expected result of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fault_bench import Bench
from fault_proxy import Fault

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.record import RunRecord

FAULTS = tuple(fault for fault in Fault if fault is not Fault.LATE)
APPLIED = (Fault.LOST, Fault.FAULT_AFTER, Fault.TRUNCATED, Fault.GARBAGE_AFTER)
"""Faults after which AWS has applied the call, and the caller has no answer."""


class Phase(StrEnum):
    """A phase of the product with calls to AWS."""

    LOOK = "look"
    CREATE = "create"
    UNDO = "undo"
    VALIDATE = "validate"


CALLS: Mapping[Phase, Mapping[str, int]] = {
    Phase.LOOK: {
        "iam:GetAccountSummary": 1,
        "iam:GetGroup": 1,
        "iam:GetRole": 1,
        "iam:GetUser": 1,
        "iam:ListAttachedGroupPolicies": 1,
        "iam:ListGroupPolicies": 1,
        "iam:SimulatePrincipalPolicy": 4,
        "kms:Decrypt": 1,
        "kms:Encrypt": 1,
        "sts:GetCallerIdentity": 1,
    },
    Phase.CREATE: {
        "iam:AddUserToGroup": 1,
        "iam:CreateAccessKey": 1,
        "iam:CreateLoginProfile": 1,
        "iam:CreateUser": 1,
        "iam:CreateVirtualMFADevice": 1,
        "iam:EnableMFADevice": 1,
        "iam:GetLoginProfile": 1,
        "iam:GetRole": 2,
        "iam:GetUser": 11,
        "iam:GetUserPolicy": 2,
        "iam:ListAccessKeys": 1,
        "iam:ListGroupsForUser": 1,
        "iam:ListMFADevices": 1,
        "iam:PutUserPolicy": 1,
        "iam:UpdateAssumeRolePolicy": 1,
        "kms:Decrypt": 3,
        "kms:Encrypt": 3,
    },
    Phase.UNDO: {
        "iam:DeactivateMFADevice": 1,
        "iam:DeleteAccessKey": 1,
        "iam:DeleteLoginProfile": 1,
        "iam:DeleteUser": 1,
        "iam:DeleteUserPolicy": 1,
        "iam:DeleteVirtualMFADevice": 1,
        "iam:GetLoginProfile": 3,
        "iam:GetRole": 3,
        "iam:GetUser": 8,
        "iam:GetUserPolicy": 2,
        "iam:ListAccessKeys": 3,
        "iam:ListVirtualMFADevices": 2,
        "iam:RemoveUserFromGroup": 1,
        "iam:UpdateAssumeRolePolicy": 1,
    },
    Phase.VALIDATE: {
        "cloudtrail:DescribeTrails": 1,
        "cloudtrail:GetTrailStatus": 1,
        "ec2:CreateInternetGateway": 1,
        "events:ListRules": 22,
        "events:ListTargetsByRule": 1,
        "events:TestEventPattern": 2,
        "iam:GetAccountPasswordPolicy": 1,
        "iam:GetLoginProfile": 1,
        "iam:GetPolicy": 1,
        "iam:GetPolicyVersion": 1,
        "iam:GetRole": 1,
        "iam:GetUser": 5,
        "iam:GetUserPolicy": 2,
        "iam:ListAccessKeys": 1,
        "iam:ListAttachedGroupPolicies": 1,
        "iam:ListAttachedUserPolicies": 1,
        "iam:ListGroupPolicies": 1,
        "iam:ListGroupsForUser": 1,
        "iam:ListMFADevices": 1,
        "iam:ListUserPolicies": 1,
        "iam:SimulatePrincipalPolicy": 4,
        "kms:DescribeKey": 1,
        "sts:AssumeRole": 1,
        "sts:GetCallerIdentity": 3,
        "sts:GetSessionToken": 1,
    },
}
"""Each operation of a run without faults, and its number of calls."""

OPTIONAL = frozenset({"iam:GetPolicy", "iam:GetPolicyVersion"})
"""The assessment reads this too, and its result is used if these calls fail."""
STANDING = frozenset(
    {
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "ec2:CreateInternetGateway",
        "events:ListRules",
        "events:ListTargetsByRule",
        "events:TestEventPattern",
        "iam:GetAccountPasswordPolicy",
        "iam:ListAttachedGroupPolicies",
        "iam:ListGroupPolicies",
        "kms:DescribeKey",
    }
)
"""Reads of resources that existed before the run."""
NEVER_STALE: Mapping[Phase, frozenset[str]] = {
    Phase.VALIDATE: OPTIONAL | STANDING,
    Phase.LOOK: frozenset(CALLS[Phase.LOOK]),
    Phase.CREATE: frozenset({"iam:CreateUser", "iam:CreateVirtualMFADevice", "kms:Decrypt", "kms:Encrypt"}),
    Phase.UNDO: frozenset(name for name in CALLS[Phase.UNDO] if not name.startswith(("iam:Get", "iam:List"))),
}
"""Operations without stale answers: nothing they read is written just before, or no replica answers."""


LASTING = (Fault.DENIED, Fault.EXPIRED, Fault.OUTAGE)
"""Faults that a retry does not clear."""


class Way(StrEnum):
    """The result of a run or a validation."""

    DONE = "done"
    RESUMED = "done after resume"
    UNDONE = "undone"
    UNDONE_LATER = "undone after resume"
    PASSED = "as without the fault"
    TOLD = "reported, not passed"


@dataclass(frozen=True)
class Cell:
    """One fault at the ``nth`` call of an operation in a phase."""

    phase: Phase
    operation: str
    nth: int
    fault: Fault

    @property
    def id(self) -> str:
        """The id for people and for pytest."""
        return f"{self.phase}-{self.operation}-{self.nth}-{self.fault}".replace(" ", "_").replace(",", "")


def cells(phase: Phase) -> Iterator[Cell]:
    """Yield all cells of a phase: the first call of each operation, and the last if there are several."""
    for operation, count in CALLS[phase].items():
        for nth in sorted({1, count}):
            for fault in FAULTS:
                if fault is not Fault.STALE or operation not in NEVER_STALE.get(phase, ()):
                    yield Cell(phase, operation, nth, fault)


def sample(phase: Phase) -> list[Cell]:
    """Return a few cells, in which every operation and every fault of the phase occurs."""
    found, operations, faults = [], set(), set()
    rows = list(CALLS[phase])
    everything = list(cells(phase))
    everything.sort(key=lambda cell: ((FAULTS.index(cell.fault) - rows.index(cell.operation)) % len(FAULTS), cell.id))
    for cell in everything:
        if cell.operation not in operations or cell.fault not in faults:
            found.append(cell)
            operations.add(cell.operation)
            faults.add(cell.fault)
    return found


def came_out(bench: Bench, cell: Cell, *, and_back: bool) -> Way:
    """Run the cell, with at most one resume, and compare the account with the events.

    With ``and_back`` another process removes the resources at the end.
    """
    fault = (cell.operation, cell.nth, cell.fault)
    if cell.phase is Phase.UNDO:
        assert bench.begin().status is RunStatus.DONE
        record = bench.again(fault, undo=True)
    else:
        record = bench.begin(fault, looking=cell.phase is Phase.LOOK)
    assert (cell.operation, cell.fault) in bench.proxy.hit, "the fault never came about"
    resumed = record.status is RunStatus.INCOMPLETE
    if resumed:
        record = bench.again_healed()
    return way_of(bench, record, resumed=resumed, and_back=and_back)


def way_of(bench: Bench, record: RunRecord, *, resumed: bool, and_back: bool = True) -> Way:
    """Return the result in the record, after the account has confirmed it."""
    assert record.status in (RunStatus.DONE, RunStatus.UNDONE), record.problem
    if record.status is RunStatus.UNDONE:
        bench.nothing()
        return Way.UNDONE_LATER if resumed else Way.UNDONE
    bench.whole()
    if and_back:
        bench.proxy.heal()
        assert bench.again(undo=True).status is RunStatus.UNDONE
        bench.nothing()
    return Way.RESUMED if resumed else Way.DONE


def expected(cell: Cell) -> frozenset[Way]:
    """Return the allowed results of a cell: a fault that a retry clears ends in done, a final refusal in an undo."""
    done, undone = frozenset({Way.DONE, Way.RESUMED}), frozenset({Way.UNDONE, Way.UNDONE_LATER})
    match cell.phase, cell.fault:
        case Phase.VALIDATE, fault:
            return frozenset({Way.PASSED, Way.TOLD} if fault in LASTING else {Way.PASSED})
        case Phase.UNDO, fault:
            return undone if fault in LASTING else frozenset({Way.UNDONE})
        case Phase.LOOK, fault:
            return done | undone if fault in LASTING else frozenset({Way.DONE})
        case _, Fault.EXPIRED:
            return done
        case _, Fault.DENIED | Fault.OUTAGE:
            return undone
        case _:
            return frozenset({Way.DONE})


def judged(cell: Cell, clean: Mapping[str, CheckResult], results: Mapping[str, CheckResult]) -> Way:
    """Return the result of a validation. A check that could not read AWS must not pass, and no check may crash."""
    assert results.keys() == clean.keys()
    for result in results.values():
        assert "unexpected error" not in result.found
        said = [call.error for call in result.calls if call.operation == cell.operation]
        if said and said[-1] not in ("", "NoSuchEntity", "DryRunOperation") and cell.operation not in OPTIONAL:
            assert result.status is not CheckStatus.PASS, (result.id, result.found)
    same = all(results[id].status is clean[id].status for id in clean)
    return Way.PASSED if same else Way.TOLD

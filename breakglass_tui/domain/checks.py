"""What a check says, and what all of them together mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from breakglass_tui.domain.calls import Call

MISSION = {
    "user-exists": "User exists",
    "inline-policy": "Policy is AdministratorAccess",
    "access": "Access works",
    "mfa-devices": "MFA devices",
}
"""The checks that every validation and every report has: id and title."""


class CheckStatus(StrEnum):
    """A check's verdict. What could not be read is ``skip``, never ``pass``."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Expected against found, with the evidence and the way out.

    ``pending`` names what still needs a write to IAM before the user would work with IAM's control plane down.
    ``facts`` are ids that were read on the way, by the names that steps give theirs.
    """

    id: str
    title: str
    status: CheckStatus
    expected: str
    found: str
    why: str = ""
    remedy: str = ""
    pending: str = ""
    calls: tuple[Call, ...] = ()
    elapsed_ms: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The four of the mission first, then the others by id: they end in another order each time."""
    rank = {id: place for place, id in enumerate(MISSION)}
    return tuple(sorted(results, key=lambda result: (rank.get(result.id, len(rank)), result.id)))


class Verdict(StrEnum):
    """Whether the user would work in the outage it exists for."""

    READY = "ready"
    NEEDS_CONTROL_PLANE = "needs-control-plane"
    NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict and each reason that keeps it from being READY."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()


def readiness(results: Iterable[CheckResult]) -> Readiness:
    """Fold the checks into one verdict: a failure, or one of the mission's checks that proved nothing, is NOT READY.

    A user that needs an IAM write before it can act depends on the control plane, which runs in a single Region
    of the partition (AWS Fault Isolation Boundaries, partitional services).
    """
    results = tuple(results)
    failed = tuple(f"{r.title}: {r.found}" for r in results if r.status is CheckStatus.FAIL)
    unproven = tuple(f"{r.title}: not proven, {r.found}" for r in results if r.status is CheckStatus.SKIP)
    pending = tuple(r.pending for r in results if r.pending)
    proven = {r.id for r in results if r.status in (CheckStatus.PASS, CheckStatus.WARN)}
    reasons = (*failed, *pending, *unproven)
    if failed or not proven >= set(MISSION):
        return Readiness(Verdict.NOT_READY, reasons or ("not every claim has been checked yet",))
    return Readiness(Verdict.NEEDS_CONTROL_PLANE if pending else Verdict.READY, reasons)

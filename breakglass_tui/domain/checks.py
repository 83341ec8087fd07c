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
ACTIVE_KEYS = "active_access_keys"
"""The fact of the check ``access`` that says how many keys can be used."""
NEEDS_USER = "This needs the user. There is none."
"""What is found by a check of what a user holds, where there is no user."""
ORDER = (
    *MISSION,
    "policies",
    "group-membership",
    "groups",
    "denies",
    "mfa-enforcement",
    "second-device",
    "role-trust",
    "key-age",
    "last-use",
    "password-policy",
    "envelopes",
    "kms-key",
    "trail",
    "sign-in-alert",
)
"""In which order results are told, however they end: what the user can do, what keeps it usable, who watches it."""


class CheckStatus(StrEnum):
    """A check's verdict. What could not be read is ``skip``, never ``pass``."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Expected against found, with the evidence and the way out.

    ``pending`` names what still needs a write to IAM before the user would work with IAM's control plane down;
    ``caution`` is what a user that works must be told before the emergency. ``clears`` is the step that clears them,
    where it is another than ``remedy``. ``facts`` are ids that were read on the way, by the names that steps give
    theirs, and numbers for the lens.
    """

    id: str
    title: str
    status: CheckStatus
    expected: str
    found: str
    why: str = ""
    remedy: str = ""
    pending: str = ""
    caution: str = ""
    clears: str = ""
    calls: tuple[Call, ...] = ()
    elapsed_ms: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results by ``ORDER``, then unknown ones by id: they end in another order each time."""
    rank = {id: place for place, id in enumerate(ORDER)}
    return tuple(sorted(results, key=lambda result: (rank.get(result.id, len(rank)), result.id)))


def _causes(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """The results without those that only repeat that there is no user."""
    if not any(result.id == "user-exists" and result.status is CheckStatus.FAIL for result in results):
        return results
    return tuple(result for result in results if result.found != NEEDS_USER)


class Verdict(StrEnum):
    """Whether the user would work in the outage it exists for."""

    READY = "ready"
    NEEDS_CONTROL_PLANE = "needs-control-plane"
    NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict, each reason for it and each caution beside it; ``steps`` has what clears each, in the same order."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


RUN_CHECKS = "Run the validation."


def readiness(results: Iterable[CheckResult]) -> Readiness:
    """Fold the checks into one verdict: a failure, or one of the mission's checks that proved nothing, is NOT READY.

    A user that needs an IAM write before it can act depends on the control plane, which runs in a single Region
    of the partition (AWS Fault Isolation Boundaries, partitional services). Cautions are told and change nothing.
    """
    results = _causes(in_order(results))
    failed = [(f"{r.title}: {r.found}", r.remedy) for r in results if r.status is CheckStatus.FAIL]
    unproven = [(f"{r.title}: not proven, {r.found}", r.remedy) for r in results if r.status is CheckStatus.SKIP]
    pending = [(r.pending, r.clears or r.remedy) for r in results if r.pending]
    cautions = [(r.caution, r.clears or r.remedy) for r in results if r.caution]
    proven = {r.id for r in results if r.status in (CheckStatus.PASS, CheckStatus.WARN)}
    told = [*failed, *pending, *unproven, *cautions]
    verdict = Verdict.NEEDS_CONTROL_PLANE if pending else Verdict.READY
    if failed or not proven >= set(MISSION):
        verdict = Verdict.NOT_READY
        told = told or [("not every claim has been checked yet", RUN_CHECKS)]
    return Readiness(verdict, tuple(reason for reason, _ in told), tuple(step for _, step in told))

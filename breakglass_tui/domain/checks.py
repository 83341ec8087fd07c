"""The results of checks, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from breakglass_tui.domain.calls import Call

MISSION = {
    "user-exists": "User exists",
    "inline-policy": "Policy is AdministratorAccess",
    "access": "Access works",
    "mfa-devices": "MFA devices",
}
"""The checks that every validation and every report contains: id and title."""
BLOCKING = (*MISSION, "denies", "role-trust", "envelopes")
"""The checks that must be proven before a user is READY. Those of the mission count even if they were not made."""
ACTIVE_KEYS = "active_access_keys"
"""The fact of the check ``access`` that holds the number of active access keys."""
UNKNOWN_DEVICES = "unknown_devices"
"""The fact of the check ``mfa-devices`` with the serial numbers that were not accepted, separated by spaces."""
NOTHING_TO_CHECK, NO_SUCH_USER = "There was nothing to check.", "The user does not exist."
NEEDS_USER = f"{NOTHING_TO_CHECK} {NO_SUCH_USER}"
"""What a check of the user's policies or credentials finds when there is no user.

Reports of earlier releases have only the second sentence.
"""
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
"""The order in which results are shown: what the user can do, what keeps it usable, who watches it."""


class CheckStatus(StrEnum):
    """How a check ended. A check that could not read what it needs is ``skip``, never ``pass``."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check expected and found, with its evidence and its remedy.

    ``pending`` names a write to IAM without which the user does not work while IAM's control plane is down.
    ``unproven`` names what a blocking check could not test, although nothing contradicts it.
    ``caution`` names a risk that does not stop the user from working. ``clears`` is the step that clears these, where
    it differs from ``remedy``. ``proof`` is the fingerprint of what this check proved by use. It stays valid while the
    fingerprint is the same. ``facts`` are ids that the check read, under the names that steps use, and counts for the
    standards view.
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
    unproven: str = ""
    proof: str = ""
    calls: tuple[Call, ...] = ()
    elapsed_ms: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Sort ``results`` by ``ORDER``, unknown ids last: checks end in a different order each time."""
    rank = {id: place for place, id in enumerate(ORDER)}
    return tuple(sorted(results, key=lambda result: (rank.get(result.id, len(rank)), result.id)))


class Verdict(StrEnum):
    """Whether the user would work in the outage that it exists for. The values are published."""

    READY = "ready"
    NEEDS_CONTROL_PLANE = "needs-control-plane"
    NOT_READY = "not-ready"


class ReasonKind(StrEnum):
    """Why a user is not READY: a failed check, a check that proved nothing, or a step that is left to do."""

    FAILED = "failed"
    STEP = "step"
    NOT_PROVEN = "not-proven"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a user is not READY. ``clear`` is the key, command or action that clears it."""

    kind: ReasonKind
    check: str
    text: str
    clear: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk that does not change the verdict. ``clear`` is what removes it."""

    check: str
    text: str
    clear: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict, the reasons for it (failures, then steps, then what is not proven) and the risks."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    risks: tuple[Risk, ...] = ()

    @property
    def words(self) -> str:
        """The verdict as it is shown everywhere."""
        return verdict_words(self.verdict, [reason.kind for reason in self.reasons])


RUN_CHECKS = "Run the validation."
UNCHECKED = Reason(ReasonKind.NOT_PROVEN, "", "Not all checks have run yet.", RUN_CHECKS)


def verdict_words(verdict: Verdict, kinds: Collection[ReasonKind]) -> str:
    """Return READY, ``1 STEP LEFT``, NOT READY or NOT PROVEN. ``kinds`` are those of the reasons, empty if unknown."""
    if verdict is Verdict.READY:
        return "READY"
    if verdict is Verdict.NEEDS_CONTROL_PLANE:
        steps = sum(kind is ReasonKind.STEP for kind in kinds)
        return f"{steps or ''} {'STEP' if steps == 1 else 'STEPS'} LEFT".strip()
    return "NOT READY" if ReasonKind.FAILED in kinds or not kinds else "NOT PROVEN"


def readiness(results: Iterable[CheckResult]) -> Readiness:
    """Return the verdict that ``results`` lead to.

    READY needs every check of ``BLOCKING`` that applies to be proven, and no failed check at all. A blocking check that
    was not made, or left something untested, is a reason of kind NOT_PROVEN. A user that needs an IAM write before it
    can act depends on the control plane, which runs in a single Region of the partition (AWS Fault Isolation
    Boundaries, partitional services): that is a reason of kind STEP. Risks do not change the verdict: cautions, and
    checks outside ``BLOCKING`` that could not read what they need.
    """
    every = in_order(results)
    results = _causes(every)
    reasons = (
        *(_reason(ReasonKind.FAILED, result) for result in results if result.status is CheckStatus.FAIL),
        *(Reason(ReasonKind.STEP, r.id, r.pending, r.clears or r.remedy) for r in results if r.pending),
        *_not_proven(results, missing=[id for id in MISSION if id not in {result.id for result in every}]),
    )
    risks = (
        *(Risk(r.id, r.caution, r.clears or r.remedy) for r in results if r.caution),
        *(
            Risk(r.id, f"{r.title}: not tested. {r.found}", r.remedy)
            for r in results
            if r.status is CheckStatus.SKIP and r.id not in BLOCKING
        ),
    )
    if any(reason.kind is not ReasonKind.STEP for reason in reasons):
        return Readiness(Verdict.NOT_READY, reasons, risks)
    return Readiness(Verdict.NEEDS_CONTROL_PLANE if reasons else Verdict.READY, reasons, risks)


def _not_proven(results: tuple[CheckResult, ...], missing: list[str]) -> Iterator[Reason]:
    """Yield a reason for each blocking check that is ``missing``, was not made, or left something untested."""
    if not results:
        yield UNCHECKED
        return
    for result in results:
        if result.id in BLOCKING and result.status is CheckStatus.SKIP:
            yield _reason(ReasonKind.NOT_PROVEN, result)
        elif result.unproven:
            yield Reason(ReasonKind.NOT_PROVEN, result.id, result.unproven, result.clears or result.remedy)
    for id in missing:
        yield Reason(ReasonKind.NOT_PROVEN, id, f"{MISSION[id]}: not checked yet", RUN_CHECKS)


def _reason(kind: ReasonKind, result: CheckResult) -> Reason:
    return Reason(kind, result.id, f"{result.title}: {result.found}", result.remedy)


def _causes(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """Leave out the results that only repeat that there is no user."""
    if not any(result.id == "user-exists" and result.status is CheckStatus.FAIL for result in results):
        return results
    return tuple(result for result in results if not result.found.endswith(NO_SUCH_USER))

"""The results of checks, and the verdict that is computed from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.fast_dataclass import dataclass

MISSION = {
    "user-exists": "IAM user",
    "inline-policy": "Inline policy",
    "access": "Credentials",
    "mfa-devices": "MFA devices",
}
"""The four checks that every validation and every report contains: id and title."""
BLOCKING = (*MISSION, "denies", "role-trust", "envelopes")
"""The ids of the checks that must be proven before a user is READY.

A check of ``MISSION`` blocks READY also if it has no result. The others block only if they have one.
"""
ACTIVE_KEYS = "active_access_keys"
"""The name of a fact of the check ``access``: the number of active access keys."""
UNKNOWN_DEVICES = "unknown_devices"
"""The name of a fact of the check ``mfa-devices``: the serial numbers of MFA devices that were not accepted.

Spaces separate the numbers.
"""
NOTHING_TO_CHECK, NO_SUCH_USER = "There was nothing to check.", "The user does not exist."
NEEDS_USER = f"{NOTHING_TO_CHECK} {NO_SUCH_USER}"
"""What a check finds if it needs the user and the user does not exist.

Reports of earlier releases contain only the second sentence.
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
"""The ids of the checks in the order in which results are shown.

Checks of what the user can do are first. Then follow checks of what keeps the user usable, and checks of monitoring.
"""


class CheckStatus(StrEnum):
    """How a check ended. A check that could not read what it needs is ``skip``, never ``pass``."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"


@dataclass(frozen=True)
class CheckResult:
    """The result of a check: what it expected, what it found, its calls as evidence, and its remedy.

    ``pending`` names an IAM write that the user needs before it can act. Such a write fails while IAM's control plane
    is down. ``unproven`` names what the check could not test, although nothing contradicts it. ``caution`` names a risk
    that does not stop the user from working. ``clears`` says how to clear these three. If it is empty, ``remedy`` does.

    If the check proved something by using a credential, ``proof`` identifies that credential. The proof stays valid
    while this text is the same. If the use failed, ``disproof`` identifies the credential in the same way.

    ``facts`` are values that the check read, by name: ids, and counts for the compliance controls.
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
    disproof: str = ""
    calls: tuple[Call, ...] = ()
    elapsed_ms: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Return ``results`` in the order of ``ORDER``, unknown ids last. Checks run in parallel and end in any order."""
    rank = {id: place for place, id in enumerate(ORDER)}
    return tuple(sorted(results, key=lambda result: (rank.get(result.id, len(rank)), result.id)))


class Verdict(StrEnum):
    """Whether the emergency user would work in an outage of IAM's control plane. The values are published."""

    READY = "ready"
    NEEDS_CONTROL_PLANE = "needs-control-plane"
    NOT_READY = "not-ready"


class ReasonKind(StrEnum):
    """Why a user is not READY: a failed check, a check that proved nothing, or a step that is left to do."""

    FAILED = "failed"
    STEP = "step"
    NOT_PROVEN = "not-proven"


@dataclass(frozen=True)
class Reason:
    """One reason why a user is not READY. ``check`` is the id of its check.

    ``clear`` is the key, command or action that removes the reason.
    """

    kind: ReasonKind
    check: str
    text: str
    clear: str = ""


@dataclass(frozen=True)
class Risk:
    """A risk that does not change the verdict.

    ``check`` is the id of its check, ``clear`` says how to remove the risk.
    """

    check: str
    text: str
    clear: str = ""


@dataclass(frozen=True)
class Readiness:
    """The verdict, the reasons for it, and the risks. The reasons are in the order failures, steps, not proven."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    risks: tuple[Risk, ...] = ()

    @property
    def words(self) -> str:
        """The verdict as it is shown: READY, ``1 STEP LEFT``, NOT READY or NOT PROVEN."""
        return verdict_words(self.verdict, [reason.kind for reason in self.reasons])


RUN_CHECKS = "Run the validation."
REMOVED = Reason(
    ReasonKind.FAILED,
    "user-exists",
    "The user and everything else that the run created were removed.",
    "Create a user.",
)
UNCHECKED = Reason(ReasonKind.NOT_PROVEN, "", "Not all checks have run yet.", RUN_CHECKS)


def verdict_words(verdict: Verdict, kinds: Collection[ReasonKind]) -> str:
    """Return the verdict as it is shown: READY, ``1 STEP LEFT``, NOT READY or NOT PROVEN.

    ``kinds`` are the kinds of all reasons. It is empty if the reasons are unknown.
    """
    if verdict is Verdict.READY:
        return "READY"
    if verdict is Verdict.NEEDS_CONTROL_PLANE:
        steps = sum(kind is ReasonKind.STEP for kind in kinds)
        return f"{steps or ''} {'STEP' if steps == 1 else 'STEPS'} LEFT".strip()
    return "NOT READY" if ReasonKind.FAILED in kinds or not kinds else "NOT PROVEN"


def readiness(results: Iterable[CheckResult]) -> Readiness:
    """Return the verdict of ``results``, with its reasons and risks.

    - FAILED: a check failed.
    - STEP: the user needs an IAM write before it can act. IAM's control plane runs in a single Region of the partition,
      and the write fails while it is down (AWS Fault Isolation Boundaries, partitional services).
    - NOT_PROVEN: a check of ``BLOCKING`` was skipped, a check of ``MISSION`` has no result, or a check left something
      untested.

    Without a reason, the user is READY. Risks do not change the verdict. They are the cautions, and the skipped checks
    outside ``BLOCKING``.
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
            Risk(r.id, f"{r.title} was not tested: {r.found.removesuffix('.')}", r.remedy)
            for r in results
            if r.status is CheckStatus.SKIP and r.id not in BLOCKING
        ),
    )
    if any(reason.kind is not ReasonKind.STEP for reason in reasons):
        return Readiness(Verdict.NOT_READY, reasons, risks)
    return Readiness(Verdict.NEEDS_CONTROL_PLANE if reasons else Verdict.READY, reasons, risks)


def _not_proven(results: tuple[CheckResult, ...], missing: list[str]) -> Iterator[Reason]:
    """Yield a NOT_PROVEN reason for each missing id, each skipped blocking check, and each result with ``unproven``."""
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
    """Return ``results`` without those that only repeat that the user does not exist."""
    if not any(result.id == "user-exists" and result.status is CheckStatus.FAIL for result in results):
        return results
    return tuple(result for result in results if not result.found.endswith(NO_SUCH_USER))

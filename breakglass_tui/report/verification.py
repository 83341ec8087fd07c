"""What ``verify`` finds of one envelope: five checks, each from facts that were gathered before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.recorded_envelopes import RecordedEnvelope, RecordLookup
from breakglass_tui.secrets.sealed_file import SealedFile, name_in_file

ANOTHER_COPY = "Take another copy of this file, or another of the envelopes that report.json names."
NOT_TRIED = (Kind.CREDENTIALS, Kind.UNREACHABLE, Kind.LOCAL)
"""Trouble on the way to KMS or on this machine that says nothing of the envelope."""


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """How trying to open it ended: with ``facts`` of what is in it, with a ``problem``, or it was not tried at all.

    ``needs`` is how many custodians it took together; 0 if it did not open.
    """

    facts: Mapping[str, str] | None = None
    needs: int = 0
    problem: Problem | None = None
    untried: str = ""
    remedy: str = ""


def envelope_checks(sealed: SealedFile, looked: RecordLookup, attempt: OpenAttempt) -> tuple[CheckResult, ...]:
    """Every check of one envelope, in the order in which they are told."""
    return (
        _well_formed(sealed),
        _custodians(sealed, looked.recorded, attempt.needs),
        _hash(sealed, looked),
        _opens(attempt),
        _mode(sealed),
    )


def envelope_document(
    sealed: SealedFile, looked: RecordLookup, attempt: OpenAttempt, checks: tuple[CheckResult, ...]
) -> dict[str, Any]:
    """The published JSON object; nothing of a secret is in it. What is not known is null."""
    recorded, facts = looked.recorded, attempt.facts or (sealed.kms.context if sealed.kms else {})
    told = {name: facts.get(name) for name in ("contents", "account", "user", "run")}
    return {
        "schema_version": 1,
        "envelope": {
            "path": str(sealed.path),
            "seal": sealed.kind,
            "sha256": sealed.sha256,
            "bytes": len(sealed.content),
            "mode": f"{sealed.permissions:04o}",
            "custodians": list(_who(sealed, recorded)),
            "needs": recorded.needs if recorded else attempt.needs or None,
            **told,
            "contents": told["contents"] or (", ".join(recorded.contents) if recorded else None),
            "encryption_context": dict(sealed.kms.context) if sealed.kms else None,
            "report": str(recorded.report) if recorded else None,
        },
        "checks": [
            {name: getattr(check, name) for name in ("id", "title", "status", "expected", "found", "remedy")}
            for check in checks
        ],
    }


def _well_formed(sealed: SealedFile) -> CheckResult:
    kinds = {"age": "an age file", "passphrase": "an age file for a passphrase", "kms": "a file for KMS"}
    expected, found = "an envelope that is whole", f"{kinds[sealed.kind]}, {len(sealed.content)} bytes"
    if sealed.flaw:
        found = f"{found}: {show(sealed.flaw)}"
        return CheckResult("well-formed", "It is an envelope", CheckStatus.FAIL, expected, found, remedy=ANOTHER_COPY)
    return CheckResult("well-formed", "It is an envelope", CheckStatus.PASS, expected, found)


def _custodians(sealed: SealedFile, recorded: RecordedEnvelope | None, needs: int) -> CheckResult:
    id, title, outside = "custodians", "Who can open it", "; ".join(sealed.encrypted_to)
    if not sealed.encrypted_to:
        why = "the file is damaged where it says so"
        return CheckResult(id, title, CheckStatus.SKIP, "", why, remedy=ANOTHER_COPY)
    if sealed.kms:
        outside += f", with the context {_pairs(sealed.kms.context)}"
    if recorded is None or not recorded.custodians:
        found = f"{show(outside, 4096)}{_how_deep(sealed, needs)}"
        return CheckResult(id, title, CheckStatus.PASS, "the file tells it", found)
    expected = f"{_how_many(recorded)}: {'; '.join(show(one) for one in recorded.custodians)}"
    if _fits(sealed, recorded):
        return CheckResult(id, title, CheckStatus.PASS, expected, expected)
    remedy = "This is not the file that the run sealed: do not rely on it."
    return CheckResult(
        id, title, CheckStatus.FAIL, expected, f"the file is sealed to {show(outside, 4096)}", "", remedy
    )


def _hash(sealed: SealedFile, looked: RecordLookup) -> CheckResult:
    id, title, recorded = "hash", "It is the file of the report", looked.recorded
    if recorded is None:
        remedy = "Name the report of the run with --report FILE."
        return CheckResult(id, title, CheckStatus.SKIP, "the SHA-256 in report.json", looked.missing, "", remedy)
    if recorded.sha256 == sealed.sha256:
        found = f"{sealed.sha256}, as in {show(str(recorded.report))}"
        return CheckResult(id, title, CheckStatus.PASS, recorded.sha256, found)
    return CheckResult(id, title, CheckStatus.FAIL, show(recorded.sha256), sealed.sha256, "", ANOTHER_COPY)


def _opens(attempt: OpenAttempt) -> CheckResult:
    id, title, expected, problem = "opens", "It opens", "a secret of this program", attempt.problem
    if attempt.facts is not None:
        facts = {name: show(value) for name, value in attempt.facts.items()}
        found = "{contents} of {user} in account {account}, sealed by run {run}".format_map(facts)
        return CheckResult(id, title, CheckStatus.PASS, expected, found)
    if problem is None:
        return CheckResult(id, title, CheckStatus.SKIP, expected, attempt.untried, "", attempt.remedy)
    status = CheckStatus.SKIP if problem.kind in NOT_TRIED else CheckStatus.FAIL
    return CheckResult(id, title, status, expected, f"{problem.what} {problem.why}".strip(), "", problem.next)


def _mode(sealed: SealedFile) -> CheckResult:
    id, title, expected, found = "mode", "Only you can read it", "mode 0600", f"mode {sealed.permissions:04o}"
    if sealed.permissions & 0o077:
        return CheckResult(id, title, CheckStatus.WARN, expected, found, "", "Close it to others with: chmod 600 FILE")
    return CheckResult(id, title, CheckStatus.PASS, expected, found)


def _who(sealed: SealedFile, recorded: RecordedEnvelope | None) -> tuple[str, ...]:
    return recorded.custodians if recorded and recorded.custodians else sealed.encrypted_to


def _fits(sealed: SealedFile, recorded: RecordedEnvelope) -> bool:
    """Whether the file is closed to the custodians of the report, as far as it tells: of several, the last one."""
    named, found = Counter(map(name_in_file, recorded.custodians)), Counter(sealed.encrypted_to)
    return found == named if recorded.needs == 1 else found <= named and found.total() == 1


def _how_many(recorded: RecordedEnvelope) -> str:
    if recorded.needs > 1:
        return f"these {recorded.needs} together"
    return "any one of" if len(recorded.custodians) > 1 else "this one"


def _how_deep(sealed: SealedFile, needs: int) -> str:
    """What only opening tells of an age file: that it is sealed in layers, to several who must act together."""
    if sealed.kind != "age":
        return ""
    if needs > 1:
        return f"; it took {needs} custodians together"
    return "" if needs else "; only a report, or opening it, tells whether it takes others too"


def _pairs(context: Mapping[str, str]) -> str:
    return ", ".join(f"{show(name)}={show(value)}" for name, value in context.items())

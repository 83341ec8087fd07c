"""The checks of ``verify`` for one envelope.

The caller reads the file, looks up its report and tries to open it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.report.envelope_binding import binding_check
from breakglass_tui.report.recorded_envelopes import RecordedEnvelope, RecordLookup
from breakglass_tui.secrets.sealed_file import SealedFile, name_in_file

ANOTHER_COPY = "Use another copy of this file, or another envelope that report.json names."
NOT_TRIED = (Kind.CREDENTIALS, Kind.UNREACHABLE, Kind.LOCAL)
"""Kinds of problems with credentials, the network or this machine. They say nothing about the envelope."""


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """The result of an attempt to open an envelope.

    If it opened, ``facts`` describe its content, and ``needs`` is the number of custodians who opened it together. If
    it did not, ``problem`` is the reason. If nothing was tried, ``untried`` says why, and ``remedy`` says what to do.
    """

    facts: Mapping[str, str] | None = None
    needs: int = 0
    problem: Problem | None = None
    untried: str = ""
    remedy: str = ""


def writing_run(sealed: SealedFile, lookup: RecordLookup, attempt: OpenAttempt) -> str:
    """Return the id of the run that wrote the envelope: from its content, its KMS context or the report, else "" ."""
    inside = attempt.facts or (sealed.kms.context if sealed.kms else {})
    return inside.get("run", "") or (lookup.recorded.facts.get("run", "") if lookup.recorded else "")


def envelope_checks(
    sealed: SealedFile, lookup: RecordLookup, attempt: OpenAttempt, journal: CheckResult
) -> tuple[CheckResult, ...]:
    """Return the results of the checks of an envelope, in the order in which they are listed.

    ``journal`` is the result of the comparison with the journal of the run.
    """
    return (
        _well_formed(sealed),
        _custodians(sealed, lookup.recorded, attempt.needs),
        _hash(sealed, lookup),
        _opens(attempt),
        binding_check(sealed, lookup.recorded, attempt.facts),
        journal,
        _mode(sealed),
    )


def envelope_document(
    sealed: SealedFile, lookup: RecordLookup, attempt: OpenAttempt, checks: tuple[CheckResult, ...]
) -> dict[str, Any]:
    """Return the published JSON object about an envelope. It contains no secret. Unknown values are null."""
    recorded, facts = lookup.recorded, attempt.facts or (sealed.kms.context if sealed.kms else {})
    known = {name: facts.get(name) for name in ("contents", "account", "user", "run")}
    return {
        "schema_version": 1,
        "envelope": {
            "path": str(sealed.path),
            "seal": sealed.kind,
            "sha256": sealed.sha256,
            "bytes": len(sealed.content),
            "mode": f"{sealed.permissions:04o}",
            "custodians": list(_custodian_names(sealed, recorded)),
            "needs": recorded.needs if recorded else attempt.needs or None,
            **known,
            "contents": known["contents"] or (", ".join(recorded.contents) if recorded else None),
            "encryption_context": dict(sealed.kms.context) if sealed.kms else None,
            "report": str(recorded.report) if recorded else None,
        },
        "checks": [
            {name: getattr(check, name) for name in ("id", "title", "status", "expected", "found", "remedy")}
            for check in checks
        ],
    }


def _well_formed(sealed: SealedFile) -> CheckResult:
    kinds = {"age": "an age file", "passphrase": "an age file with a passphrase", "kms": "a KMS file"}
    expected, found = "a complete envelope", f"{kinds[sealed.kind]}, {len(sealed.content)} bytes"
    if sealed.flaw:
        found = f"{found}: {show(sealed.flaw)}"
        return CheckResult("well-formed", "File is an envelope", CheckStatus.FAIL, expected, found, remedy=ANOTHER_COPY)
    return CheckResult("well-formed", "File is an envelope", CheckStatus.PASS, expected, found)


def _custodians(sealed: SealedFile, recorded: RecordedEnvelope | None, needs: int) -> CheckResult:
    id, title, outside = "custodians", "Who can open it", "; ".join(sealed.encrypted_to)
    if not sealed.encrypted_to:
        why = "the file is damaged, so its recipients are unknown"
        return CheckResult(id, title, CheckStatus.SKIP, "", why, remedy=ANOTHER_COPY)
    if sealed.kms:
        outside += f", with the encryption context {_pairs(sealed.kms.context)}"
    if recorded is None or not recorded.custodians:
        found = f"{show(outside, 4096)}{_layer_note(sealed, needs)}"
        return CheckResult(id, title, CheckStatus.PASS, "recipients in the file", found)
    expected = f"{_requirement(sealed, recorded)}: {'; '.join(show(one) for one in recorded.custodians)}"
    if _matches_report(sealed, recorded):
        return CheckResult(id, title, CheckStatus.PASS, expected, expected)
    remedy = "This is not the file that the run wrote. Do not rely on it."
    return CheckResult(
        id, title, CheckStatus.FAIL, expected, f"the file is encrypted to {show(outside, 4096)}", "", remedy
    )


def _hash(sealed: SealedFile, lookup: RecordLookup) -> CheckResult:
    id, title, recorded = "hash", "File matches the report", lookup.recorded
    if recorded is None:
        remedy = "Name the report of the run with --report FILE."
        return CheckResult(id, title, CheckStatus.SKIP, "the SHA-256 in report.json", lookup.missing, "", remedy)
    if recorded.sha256 == sealed.sha256:
        found = f"{sealed.sha256}, as in {show(str(recorded.report))}"
        return CheckResult(id, title, CheckStatus.PASS, recorded.sha256, found)
    return CheckResult(id, title, CheckStatus.FAIL, show(recorded.sha256), sealed.sha256, "", ANOTHER_COPY)


def _opens(attempt: OpenAttempt) -> CheckResult:
    id, title, expected, problem = "opens", "File opens", "a secret that breakglass-tui wrote", attempt.problem
    if attempt.facts is not None:
        facts = {name: show(value) for name, value in attempt.facts.items()}
        found = "{contents} of {user} in account {account}, written by run {run}".format_map(facts)
        return CheckResult(id, title, CheckStatus.PASS, expected, found)
    if problem is None:
        return CheckResult(id, title, CheckStatus.SKIP, expected, attempt.untried, "", attempt.remedy)
    status = CheckStatus.SKIP if problem.kind in NOT_TRIED else CheckStatus.FAIL
    return CheckResult(id, title, status, expected, f"{problem.what} {problem.why}".strip(), "", problem.next)


def _mode(sealed: SealedFile) -> CheckResult:
    id, title, expected, found = "mode", "Only you can read it", "mode 0600", f"mode {sealed.permissions:04o}"
    if sealed.permissions & 0o077:
        remedy = f"Remove the permissions of other users: chmod 600 {show(path_argument(str(sealed.path)), 4096)}"
        return CheckResult(id, title, CheckStatus.WARN, expected, found, "", remedy)
    return CheckResult(id, title, CheckStatus.PASS, expected, found)


def _custodian_names(sealed: SealedFile, recorded: RecordedEnvelope | None) -> tuple[str, ...]:
    return recorded.custodians if recorded and recorded.custodians else sealed.encrypted_to


def _matches_report(sealed: SealedFile, recorded: RecordedEnvelope) -> bool:
    """Return whether the recipients in the file match the custodians in the report.

    If several custodians must act together, the file names only the last one.
    """
    named, found = Counter(map(name_in_file, recorded.custodians)), Counter(sealed.encrypted_to)
    return found == named if recorded.needs == 1 else found <= named and found.total() == 1


def _requirement(sealed: SealedFile, recorded: RecordedEnvelope) -> str:
    if sealed.kind == "kms":
        return "AWS identities that may call kms:Decrypt with this key"
    if recorded.needs > 1:
        return f"these {recorded.needs} together"
    return "any one of" if len(recorded.custodians) > 1 else "this one"


def _layer_note(sealed: SealedFile, needs: int) -> str:
    """Return a note about how many custodians must act together, or an empty string.

    An age file has a layer for each of them. Only opening the file shows the number of layers.
    """
    if sealed.kind != "age":
        return ""
    if needs > 1:
        return f" ({needs} custodians opened it together)"
    return "" if needs else " (only the report, or opening the file, shows whether more custodians are needed)"


def _pairs(context: Mapping[str, str]) -> str:
    return ", ".join(f"{show(name)}={show(value)}" for name, value in context.items())

"""The checks of ``verify`` that compare a report with the journals of its run and its user on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from breakglass_tui.domain.checks import CheckResult, CheckStatus, Verdict
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import ValidationFinished
from breakglass_tui.report.report_document import report_document

RUN_FIELDS = (
    "id",
    "status",
    "started_at",
    "finished_at",
    "account_id",
    "caller_arn",
    "region",
    "demo",
    "endpoint",
    "emulator",
)
STEP_FIELDS = ("status", "elapsed_ms", "calls")
ENVELOPE_FIELDS = ("sha256", "contents", "seals", "custodians", "needs")
FORGED = "Do not rely on this report. The journal on this machine has what the run did."
NOT_COMPARED = "run, request, user, steps and envelopes"
"""What is not compared without the journal of the run."""
ONLY_SIGNED = "the texts of the checks, their calls, the risks and the compliance table"
"""What no journal has. A signature covers it."""
AS_REPORTED, LONGEST_VALUE = "as in the report", 120


@dataclass(frozen=True, slots=True)
class JournalEvidence:
    """What the journals on this machine record about the run of a report.

    ``hashes`` has the hash of each line of the run's journal. It is empty if this machine does not have that journal.
    ``record`` is the run as of the last line that the report names, or None if the journal does not have that line.
    ``removed`` has the names of the envelopes that were removed after that line, and the time. ``undone`` means that an
    undo removed them. Otherwise a first sign-in did, because it replaced the password. ``validations`` are those of the
    run in the journal of its user. ``unread`` is why that journal cannot be used.
    """

    hashes: Sequence[str] = ()
    record: RunRecord | None = None
    removed: Mapping[str, datetime] = field(default_factory=dict)
    undone: bool = False
    validations: Sequence[ValidationFinished] = ()
    unread: Problem | None = None


def comparison_checks(document: Mapping[str, Any], evidence: JournalEvidence) -> Iterator[CheckResult]:
    """Yield the results of the comparisons of the report ``document`` with ``evidence``."""
    if evidence.record is not None:
        recorded = report_document(evidence.record)
        yield _compared("run", "Run matches the journal", _run(document, recorded))
        yield _compared(
            "request", "Request matches the journal", _differences(document["request"], recorded["request"])
        )
        yield _compared("user", "User matches the journal", _user(document["user"], recorded["user"]))
        yield _compared("steps", "Steps match the journal", _steps(document, recorded))
        yield _compared("envelopes", "Envelopes match the journal", _envelopes(document, recorded))
    yield _verdict_check(document, evidence)


def _compared(id: str, title: str, differences: Sequence[str]) -> CheckResult:
    id, expected = f"journal:{id}", "the same as in the journal of the run"
    if not differences:
        return CheckResult(id, title, CheckStatus.PASS, expected, AS_REPORTED)
    return CheckResult(id, title, CheckStatus.FAIL, expected, "; ".join(differences), "", FORGED)


def _differences(reported: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each name whose value differs. A name that only one of them has is a difference too."""
    names = sorted({*reported, *recorded})
    return [
        f"{show(name)}: the report has {_short(reported.get(name))}, the journal has {_short(recorded.get(name))}"
        for name in names
        if reported.get(name) != recorded.get(name)
    ]


def _short(value: object) -> str:
    return "nothing" if value is None or value == "" else show(str(value), LONGEST_VALUE)


def _run(document: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Compare the fields of the run that the report has: one of an earlier version has fewer."""
    names = [name for name in RUN_FIELDS if name in document["run"]]
    return _differences(*({name: each["run"][name] for name in names} for each in (document, recorded)))


def _user(reported: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Compare the user. Ids that only a validation found are in no journal of a run."""
    names = [name for name in ("name", "arn", "id") if recorded[name]]
    return _differences(*({name: each[name] for name in names} for each in (reported, recorded)))


def _steps(document: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Compare the steps by id."""
    found = list[str]()
    reported, known = ({step["id"]: step for step in each["steps"]} for each in (document, recorded))
    for name in STEP_FIELDS:
        values = ({id: step[name] for id, step in steps.items() if name in step} for steps in (reported, known))
        found += [f"{name} of {difference}" for difference in _differences(*values)]
    return found


def _envelopes(document: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Compare the envelopes by file name, with the fields that the report has."""
    reported, known = _by_name(document), _by_name(recorded)
    found = [f"{show(name)}: the journal does not have this envelope" for name in sorted(reported.keys() - known)]
    found += [f"{show(name)}: the report does not have this envelope" for name in sorted(known.keys() - reported)]
    for name in sorted(reported.keys() & known):
        fields = [field for field in ENVELOPE_FIELDS if field in reported[name]]
        pair = ({field: each[name][field] for field in fields} for each in (reported, known))
        found += [f"{show(name)}, {difference}" for difference in _differences(*pair)]
    return found


def _by_name(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {PurePath(envelope["path"]).name: envelope for envelope in document["envelopes"]}


def _verdict_check(document: Mapping[str, Any], evidence: JournalEvidence) -> CheckResult:
    """Compare the verdict, the status of each check and the envelopes with the validations of the run."""
    id, title, expected = "journal:verdict", "Verdict matches the journal", "a validation in the journal of the user"
    if evidence.unread is not None:
        found = f"not compared: {evidence.unread.what} {evidence.unread.why}".strip()
        return CheckResult(id, title, CheckStatus.FAIL, expected, found, "", evidence.unread.next)
    if evidence.record is not None and evidence.record.status is not RunStatus.DONE and _has_no_validation(document):
        found = "not ready, and no check was made: the run was not done"
        return CheckResult(id, title, CheckStatus.PASS, expected, found)
    if not evidence.validations:
        return CheckResult(
            id, title, CheckStatus.SKIP, expected, "not compared: this machine has no validation of the run"
        )
    differences: list[list[str]] = [_verdict_differences(document, each) for each in evidence.validations]
    if not all(differences):
        found = f"{AS_REPORTED}. Not compared: {ONLY_SIGNED}"
        return CheckResult(id, title, CheckStatus.PASS, expected, found)
    nearest = min(differences, key=len)
    return CheckResult(id, title, CheckStatus.FAIL, expected, "; ".join(nearest), "", FORGED)


def _has_no_validation(document: Mapping[str, Any]) -> bool:
    skipped = all(check["status"] == CheckStatus.SKIP.value for check in document["checks"])
    return skipped and document["readiness"]["verdict"] == Verdict.NOT_READY.value


def _verdict_differences(document: Mapping[str, Any], validation: ValidationFinished) -> list[str]:
    statuses = {check["id"]: check["status"] for check in document["checks"]}
    # The report lists a mission check that did not run as skipped.
    not_run = {id: "skip" for id, status in statuses.items() if status == "skip" and id not in validation.statuses}
    verdict = {"verdict": document["readiness"]["verdict"]}, {"verdict": validation.verdict}
    sums = {name: envelope["sha256"] for name, envelope in _by_name(document).items()}
    return [
        *_differences(*verdict),
        *_differences(statuses, {**not_run, **validation.statuses}),
        *_differences(sums, validation.envelopes),
    ]

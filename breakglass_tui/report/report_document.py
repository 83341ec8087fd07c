"""The report as a JSON object: the published format of a run and its validation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import MISSION, CheckResult, CheckStatus, Reason, in_order
from breakglass_tui.domain.compliance import control_results
from breakglass_tui.domain.controls import controls_of
from breakglass_tui.domain.events import EnvelopeInfo, RunStatus, StepStatus
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.report.later_exports import is_later_export

SCHEMA_VERSION = 2
NOT_CHECKED = "not checked in this run"
_UNFINISHED = {
    StepStatus.NEXT: StepStatus.SKIPPED,
    StepStatus.RUNNING: StepStatus.FAILED,
    StepStatus.WAITING: StepStatus.FAILED,
    StepStatus.UNDOING: StepStatus.FAILED,
}
"""The status that a report gives to an unfinished step. A started step may have created something, so it failed."""


def report_document(
    record: RunRecord, directory: Path | None = None, journal_head: str = "", history: UserHistory | None = None
) -> dict[str, Any]:
    """Return ``record`` as the published JSON object. Paths of envelopes inside ``directory`` are relative to it.

    ``journal_head`` is the hash of the last line of the run's journal, or empty. ``export.evidence`` adds the hashes of
    the files that are generated from this document.

    ``history`` is what this machine knows about the user, with the MFA devices that the operator accepted.
    """
    readiness, results = record.readiness, _results(record)
    request = dict(record.header.request) if record.header else {}
    document = {
        "schema_version": SCHEMA_VERSION,
        "run": run_object(record.header, record.status, record.started_at, record.finished_at),
        "request": request,
        "user": _user(record, history or UserHistory()),
        "steps": [_step(step) for step in record.steps.values()],
        "checks": [check_document(result) for result in results],
        "readiness": {
            "verdict": readiness.verdict.value,
            "reasons": [_reason(reason) for reason in readiness.reasons],
            "risks": [asdict(risk) for risk in readiness.risks],
        },
        "envelopes": [_envelope(envelope, directory) for envelope in record.envelopes],
        "compliance": _compliance(results, request),
        "integrity": {"journal_head": journal_head, "files": {}},
    }
    return escaped(document)


def _reason(reason: Reason) -> dict[str, str]:
    return {"kind": reason.kind.value, "check": reason.check, "text": reason.text, "clear": reason.clear}


def reported_status(status: StepStatus) -> StepStatus:
    """Return the status that a report gives to a step with ``status``."""
    return _UNFINISHED.get(status, status)


def escaped(document: dict[str, Any]) -> dict[str, Any]:
    """Return ``document`` with escapes in place of lone surrogates, also in the objects and lists in it."""
    whole: dict[str, Any] = _escaped(document)
    return whole


def _escaped(part: Any) -> Any:
    """Return ``part`` with escapes in place of lone surrogates.

    JSON can contain these, but many readers refuse them.
    """
    if isinstance(part, str):
        return part.encode("utf-8", "backslashreplace").decode()
    if isinstance(part, Mapping):
        return {_escaped(name): _escaped(value) for name, value in part.items()}
    return [_escaped(one) for one in part] if isinstance(part, (list, tuple)) else part


def _compliance(results: Iterable[CheckResult], request: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "standard": answer.control.standard,
            "id": answer.control.id,
            "title": answer.control.title,
            "standing": answer.status.value,
            "text": answer.text,
        }
        for answer in control_results(results, request)
    ]


def run_object(
    header: RunHeader | None, status: RunStatus, started_at: datetime | None, finished_at: datetime | None
) -> dict[str, Any]:
    """Return what identifies a run, its status and its times, as the JSON object of a report and of the run history."""
    return {
        "id": header.id if header else "",
        "status": status.value,
        "started_at": _time(started_at),
        "finished_at": _time(finished_at),
        "account_id": header.account_id if header else "",
        "caller_arn": header.caller_arn if header else "",
        "region": header.region if header else "",
        "demo": header.demo if header else False,
        "endpoint": (header.endpoint if header else None) or None,
        "emulator": header.emulator if header else False,
    }


def _user(record: RunRecord, history: UserHistory) -> dict[str, Any]:
    request = record.header.request if record.header else {}
    facts = record.facts
    return {
        "name": str(request.get("user_name", "")),
        "arn": facts.get("user_arn", ""),
        "id": facts.get("user_id", ""),
        "accepted_devices": [
            {"serial": device.serial, "accepted_at": _time(device.at), "accepted_by": device.by or None}
            for device in history.accepted_devices(facts.get("user_id", ""))
        ],
    }


def _step(step: StepRecord) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": step.title,
        "status": reported_status(step.status).value,
        "elapsed_ms": step.elapsed_ms,
        "detail": step.detail,
        "left": step.left.what if step.left else "",
        "calls": _calls(step.calls),
    }


def _results(record: RunRecord) -> tuple[CheckResult, ...]:
    """Return the results in order. Each check of ``MISSION`` that has no result is added as a skip."""
    skipped = {id: CheckResult(id, title, CheckStatus.SKIP, "", NOT_CHECKED) for id, title in MISSION.items()}
    return in_order((skipped | record.checks).values())


def check_document(result: CheckResult) -> dict[str, Any]:
    """Return the result of one check as the JSON object of a report, with its calls as evidence."""
    return {
        "id": result.id,
        "title": result.title,
        "status": result.status.value,
        "expected": result.expected,
        "found": result.found,
        "why": result.why,
        "remedy": result.remedy,
        "pending": result.pending,
        "caution": result.caution,
        "clears": result.clears,
        "controls": list(controls_of(result.id)),
        "elapsed_ms": result.elapsed_ms,
        "calls": _calls(result.calls),
    }


def _calls(calls: Iterable[Call]) -> list[dict[str, Any]]:
    return [
        {
            "operation": call.operation,
            "request_id": call.request_id,
            "elapsed_ms": call.elapsed_ms,
            "attempts": call.attempts,
            "error": call.error,
        }
        for call in calls
    ]


def _envelope(envelope: EnvelopeInfo, directory: Path | None) -> dict[str, Any]:
    return {
        "path": _path_from(directory.absolute(), Path(envelope.path)) if directory else envelope.path,
        "contents": list(envelope.contents),
        "seals": list(envelope.seals),
        "custodians": list(envelope.custodians),
        "needs": envelope.needs,
        "sha256": envelope.sha256,
    }


def _path_from(directory: Path, path: Path) -> str:
    """Return ``path`` relative to ``directory``, if it is inside. Later evidence is one level below the envelopes."""
    if path.is_relative_to(directory):
        return str(path.relative_to(directory))
    return f"../{path.name}" if is_later_export(directory) and path.parent == directory.parent else str(path)


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None

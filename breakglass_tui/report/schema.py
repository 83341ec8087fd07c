"""The published format of report.json. Its JSON Schema is generated from these classes, and ``verify`` uses them.

Fields may be added. A renamed or removed field needs a new ``schema_version``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints, ValidationError

from breakglass_tui.domain.text import show

MOST_FLAWS = 5

Sha256 = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$")]
Count = Annotated[StrictInt, Field(ge=0)]
RunId = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Za-z-]{0,64}$")]
AccountId = Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9]{12})?$")]
RegionName = Annotated[str, StringConstraints(strict=True, pattern=r"^([a-z]{2,8}(-[a-z]+)+-[0-9]{1,2})?$")]
IamName = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_+=,.@-]{0,64}$")]
Arn = Annotated[str, StringConstraints(strict=True, pattern=r"^(arn:aws[a-z0-9-]*:[!-~]{1,2000})?$")]
UniqueId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_]{0,128}$")]
Time = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$")]


class _Part(BaseModel):
    """A part of the report. Fields that a newer version added are accepted."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)


class RunPart(_Part):
    """The run: its id, status, times, account and caller."""

    id: RunId
    status: Literal["running", "done", "undone", "incomplete"]
    started_at: Time | None
    finished_at: Time | None
    account_id: AccountId
    caller_arn: Arn
    region: RegionName
    demo: StrictBool
    endpoint: StrictStr | None = None
    emulator: StrictBool = False


class AcceptedDevicePart(_Part):
    """An MFA device that no run enrolled and that an operator accepted. ``accepted_by`` is the ARN, if it is known."""

    serial: StrictStr
    accepted_at: Time
    accepted_by: StrictStr | None = None


class UserPart(_Part):
    """The emergency user, and what the journal of this user on the machine of the report records."""

    name: IamName
    arn: Arn
    id: UniqueId
    accepted_devices: list[AcceptedDevicePart] = Field(default_factory=list)


class CallPart(_Part):
    """One call to AWS, with the request id of AWS."""

    operation: StrictStr
    request_id: StrictStr
    elapsed_ms: Count
    attempts: Count
    error: StrictStr


class StepPart(_Part):
    """One step of the plan."""

    id: StrictStr
    title: StrictStr
    status: Literal["done", "unchanged", "failed", "skipped", "undone", "cancelled"]
    elapsed_ms: Count
    detail: StrictStr
    left: StrictStr
    calls: list[CallPart]


class CheckPart(_Part):
    """One check with its evidence, and the controls that it maps to."""

    id: StrictStr
    title: StrictStr
    status: Literal["pass", "fail", "warn", "skip"]
    expected: StrictStr
    found: StrictStr
    why: StrictStr
    remedy: StrictStr
    pending: StrictStr
    caution: StrictStr
    clears: StrictStr
    controls: list[StrictStr]
    elapsed_ms: Count
    calls: list[CallPart]


class CompliancePart(_Part):
    """The status of one control of one standard."""

    standard: StrictStr
    id: StrictStr
    title: StrictStr
    standing: Literal["met", "expected-exception", "not-met", "unknown"]
    text: StrictStr


class ReasonPart(_Part):
    """One reason for the verdict. ``clear`` is what clears it."""

    kind: Literal["failed", "step", "not-proven"]
    check: StrictStr
    text: StrictStr
    clear: StrictStr


class RiskPart(_Part):
    """One risk, which does not change the verdict."""

    check: StrictStr
    text: StrictStr
    clear: StrictStr


class ReadinessPart(_Part):
    """The verdict, the reasons for it, and the risks."""

    verdict: Literal["ready", "needs-control-plane", "not-ready"]
    reasons: list[ReasonPart]
    risks: list[RiskPart]


class ReadinessPartV1(_Part):
    """The verdict of schema version 1. ``steps`` holds what clears each reason, in the same order."""

    verdict: Literal["ready", "needs-control-plane", "not-ready"]
    reasons: list[StrictStr]
    steps: list[StrictStr]


class EnvelopePart(_Part):
    """An envelope, without its content."""

    path: Annotated[str, StringConstraints(strict=True, min_length=1)]
    contents: list[StrictStr]
    seals: list[Literal["kms", "age", "passphrase"]]
    custodians: list[StrictStr]
    needs: Annotated[StrictInt, Field(ge=1)]
    sha256: Sha256


class IntegrityPart(_Part):
    """The hashes of the evidence. ``journal_head`` is the hash of the last line of the journal, or empty."""

    journal_head: Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9a-f]{64})?$")]
    # Without this the schema would accept any file name.
    files: dict[FileName, Sha256] = Field(json_schema_extra={"additionalProperties": False})


class Report(_Part):
    """The report of a run of breakglass-tui, or of a validation without a run."""

    schema_version: Literal[2]
    run: RunPart
    request: dict[str, Any]
    user: UserPart
    steps: list[StepPart]
    checks: list[CheckPart]
    readiness: ReadinessPart
    envelopes: list[EnvelopePart]
    compliance: list[CompliancePart]
    integrity: IntegrityPart


class ReportV1(Report):
    """A report of schema version 1, as releases before the structured reasons wrote it."""

    schema_version: Literal[1]  # type: ignore[assignment]  # one class for each version
    readiness: ReadinessPartV1  # type: ignore[assignment]  # the part that changed


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of report.json. scripts/schema.py writes it to report.schema.json."""
    schema = Report.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def flaws(document: object) -> tuple[str, ...]:
    """Return the first violations of the schema in ``document``, at most ``MOST_FLAWS``. A valid report has none.

    The document can have schema version 1 or 2.
    """
    version = document.get("schema_version") if isinstance(document, dict) else None
    try:
        (ReportV1 if version == 1 else Report).model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        places = [f"{'.'.join(map(str, one['loc'])) or 'the document'}: {one['msg']}" for one in found]
        return tuple(show(place, 200) for place in places[:MOST_FLAWS])
    return ()

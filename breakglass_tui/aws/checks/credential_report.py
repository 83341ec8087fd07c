"""IAM's credential report, the only source of the date on which a console password was last set."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import INTERVAL_S
from breakglass_tui.domain.problems import Kind, Problem

GET = "iam:GetCredentialReport"
GENERATE = "iam:GenerateCredentialReport"
REPORT_WAIT_S = 20.0
"""The maximum time in seconds to wait for a report. IAM documents no time."""
ABSENT = frozenset({"ReportNotPresent", "ReportExpired"})
"""Error codes that mean that IAM has no report of the last four hours (IAM API, GetCredentialReport)."""
PENDING = "ReportInProgress"


@dataclass(frozen=True)
class CredentialReport:
    """A credential report as CSV. ``generated_at`` is None if IAM does not give the time.

    IAM returns the same report for four hours (IAM User Guide, "Getting credential reports").
    """

    content: str
    generated_at: datetime | None

    def password_changed_at(self, user_name: str) -> datetime | None:
        """Return when the password of the user was last set, or None if the report has no date for it."""
        for row in csv.DictReader(self.content.splitlines()):
            if str(row.get("user")).casefold() == user_name.casefold():
                return _date(str(row.get("password_last_changed")))
        return None


def read_report(api: Api) -> CredentialReport:
    """Return the credential report. If IAM has none of the last four hours, have it generate one.

    Raises ``Problem``.
    """
    started_at, requested = api.context.clock.ticks(), False
    while True:
        try:
            answer = api.call(GET, fields=("Content",))
        except Problem as problem:
            if problem.code not in {*ABSENT, PENDING}:
                raise
            if problem.code in ABSENT and not requested:
                api.call(GENERATE)
                requested = True
        else:
            content = answer["Content"]
            return CredentialReport(bytes(content).decode("utf-8", "replace"), answer.get("GeneratedTime"))
        if api.context.clock.ticks() - started_at >= REPORT_WAIT_S:
            raise _unfinished()
        api.context.wait(INTERVAL_S)


def _date(text: str) -> datetime | None:
    """Return a date of the report, or None for ``N/A``, ``no_information`` and ``not_supported``."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _unfinished() -> Problem:
    return Problem(
        "The credential report is still being generated.",
        why=f"AWS did not complete it within {REPORT_WAIT_S:.0f} s.",
        next="Validate again in a few minutes.",
        kind=Kind.REFUSED,
        code=PENDING,
    )

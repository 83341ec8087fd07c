"""The credential report of the simulated IAM. It is generated on request and kept for four hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import User

from breakglass_tui.demo.credential_world import SimulatedReport
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.dates import iso_date
from breakglass_tui.demo.overlay.iam_base import IamBase
from breakglass_tui.demo.overlay.password_age import password_expiry, password_of, utc
from breakglass_tui.demo.world import World

KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
COLUMNS = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed"),
    *("password_next_rotation", "mfa_active"),
    *(f"access_key_{number}_{name}" for number in (1, 2) for name in KEY_COLUMNS),
    *(f"cert_{number}_{name}" for number in (1, 2) for name in ("active", "last_rotated")),
)
"""The columns of the report (IAM User Guide, "Getting credential reports").

AWS has the column additional_credentials_info only if a user has more than two keys or certificates.
"""
NONE, NEVER, UNSUPPORTED = "N/A", "no_information", "not_supported"


class IamCredentialReport(IamBase):
    """GenerateCredentialReport and GetCredentialReport, with the states and the errors of IAM."""

    def generate_credential_report(self) -> ActionResult:
        """Start a report unless there is one of the last four hours, and return its state."""
        now, report = datetime.now(UTC), self.world.report
        if report is None or report.expired(now):
            self.world.report = SimulatedReport(now, "\n".join(_lines(self.world)))
            why = "No report exists. Starting a new report generation task"
            return ActionResult({"State": "STARTED", "Description": why})
        return ActionResult({"State": "INPROGRESS" if _is_pending(report) else "COMPLETE"})

    def get_credential_report(self) -> ActionResult:
        """Return the report. Raises ``ApiRefusal`` if it is missing, unfinished or older than four hours."""
        report = self.world.report
        if report is None:
            raise ApiRefusal("ReportNotPresent", "No report is present. Use GenerateCredentialReport.", 410)
        if report.expired(datetime.now(UTC)):
            raise ApiRefusal("ReportExpired", "The most recent report has expired. Use GenerateCredentialReport.", 410)
        if _is_pending(report):
            raise ApiRefusal("ReportInProgress", "The report is still being generated.", 404)
        answer = {"Content": report.content, "ReportFormat": "text/csv", "GeneratedTime": report.generated}
        return ActionResult(answer)


def _is_pending(report: SimulatedReport) -> bool:
    """Return whether the report is unfinished. Each call counts down to its completion."""
    report.pending -= 1
    return report.pending >= 0


def _lines(world: World) -> Iterator[str]:
    """Yield the lines of the CSV: header, root, and the users by name. No value needs quotes."""
    yield ",".join(COLUMNS)
    root = f"arn:aws:iam::{world.account_id}:root"
    no_key, no_certificate = _key_cells(None), ["false", NONE]
    created = min(utc(user.create_date) for user in world.iam.users.values())
    passwords = [UNSUPPORTED, NEVER, UNSUPPORTED, UNSUPPORTED]
    cells = ["<root_account>", root, iso_date(created), *passwords, "true", *no_key, *no_key, *no_certificate * 2]
    yield ",".join(cells)
    for user in sorted(world.iam.users.values(), key=lambda user: user.name.lower()):
        yield ",".join(_user_cells(world, user))


def _user_cells(world: World, user: User) -> Iterator[str]:
    yield from (user.name, user.arn, iso_date(utc(user.create_date)))
    if user.password:
        used, expiry = user.password_last_used, password_expiry(world, user)
        yield from ("true", iso_date(utc(used)) if used else NEVER)
        yield from (iso_date(password_of(world, user).changed), iso_date(expiry) if expiry else NONE)
    else:
        yield from ("false", NONE, NONE, NONE)
    yield _truth(bool(user.mfa_devices))
    for number in range(2):
        yield from _key_cells(user.access_keys[number] if number < len(user.access_keys) else None)
    certificates = list(user.signing_certificates.values())
    for number in range(2):
        known = number < len(certificates)
        yield _truth(known and certificates[number].status == "Active")
        yield iso_date(utc(certificates[number].upload_date)) if known else NONE


def _key_cells(key: Any) -> list[str]:
    """Return the five cells of an access key, or of none. An inactive key keeps its dates."""
    if key is None:
        return ["false", NONE, NONE, NONE, NONE]
    used = key.last_used
    used_cells = [iso_date(utc(used.timestamp)), used.region, used.service] if used else [NONE, NONE, NONE]
    return [_truth(key.status == "Active"), iso_date(utc(key.create_date)), *used_cells]


def _truth(value: bool) -> str:
    return "true" if value else "false"

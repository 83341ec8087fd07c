"""What earlier validations on this machine showed by using a credential."""

from __future__ import annotations

from datetime import datetime

from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.remedy_commands import validate_with_envelope
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

LONGEST = 1024


def add_disproof(
    clients: Clients,
    subject: Subject,
    check: str,
    fingerprint: str,
    findings: Findings,
    *,
    used_at: datetime | None = None,
) -> bool:
    """Add a failure if the last use of a credential disproved ``check``, and return whether it did.

    ``fingerprint`` identifies the credential. ``used_at`` is a later use that AWS reports, which ends the failure.
    """
    disproof = subject.history.disproof(check, fingerprint)
    if disproof is None or (used_at is not None and used_at > disproof.at):
        return False
    text = f"a validation on {date_text(disproof.at)} found: {show(disproof.text, LONGEST)}"
    findings.fail(text, f"If you have corrected it, test it. {validate_with_envelope(clients, subject)}")
    return True

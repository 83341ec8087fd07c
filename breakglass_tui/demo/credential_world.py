"""What the simulated account knows of passwords and of its credential report, and moto does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REPORT_LIFE = timedelta(hours=4)
"""How long IAM keeps a credential report (IAM User Guide, "Getting credential reports")."""


@dataclass
class SimulatedPassword:
    """When the login profile of a user was created, and when its password was last set."""

    created: datetime
    changed: datetime

    def expires(self, max_age_days: int) -> datetime | None:
        """Return when the password expires, or None if passwords do not expire."""
        return self.changed + timedelta(days=max_age_days) if max_age_days else None


@dataclass
class SimulatedReport:
    """A credential report. It is ``pending`` for that many requests, which makes its generation visible."""

    generated: datetime
    content: str
    pending: int = 2

    def expired(self, now: datetime) -> bool:
        """Return whether the report is too old to be returned."""
        return now - self.generated > REPORT_LIFE

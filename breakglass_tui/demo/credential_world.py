"""The state of passwords and of the credential report in the simulated account, which moto does not have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REPORT_LIFE = timedelta(hours=4)
"""The time for which IAM keeps a credential report (IAM User Guide, "Getting credential reports")."""


@dataclass
class SimulatedPassword:
    """The date on which a user's login profile was created, and the date on which its password was last set."""

    created: datetime
    changed: datetime

    def expires(self, max_age_days: int) -> datetime | None:
        """Return when the password expires, or None if ``max_age_days`` is 0 (passwords do not expire)."""
        return self.changed + timedelta(days=max_age_days) if max_age_days else None


@dataclass
class SimulatedReport:
    """A credential report. The next ``pending`` requests for it find that it is still being generated."""

    generated: datetime
    content: str
    pending: int = 2

    def expired(self, now: datetime) -> bool:
        """Return whether the report is too old for IAM to return it."""
        return now - self.generated > REPORT_LIFE

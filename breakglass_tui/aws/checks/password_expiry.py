"""The expiry date of the user's console password, and what it means for the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.credential_report import GENERATE, GET, read_report
from breakglass_tui.aws.checks.dates import date_text, minute_text
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.domain.problems import Problem

SOON = timedelta(days=30)
"""A password that expires within this time is shown as a risk. It is enough time for a drill or a new password."""
CHANGE_EXPIRED = "Sign in and replace the expired password (an IAM write)"
ADMINISTRATOR = "only an administrator can set a new one (HardExpiry)"
ALLOW_REPORT = f"Allow {GENERATE} and {GET}, then validate again."
UNKNOWN = "It is unknown whether the console password has expired"
REPORT_LIFE = timedelta(hours=4)


@dataclass(frozen=True)
class PasswordAge:
    """When the console password was set.

    ``as_of`` is when the credential report was generated. If the report could not be read, ``estimate`` says why, and
    ``set_at`` is the creation date of the login profile.
    """

    set_at: datetime
    as_of: datetime | None = None
    estimate: str = ""


def read_age(api: Api, user_name: str, created_at: datetime) -> PasswordAge:
    """Return the age of the console password. ``created_at`` is the CreateDate of the login profile.

    A password change does not change that date, so the date of the change comes from the credential report. If the
    report has no password of this user, the password is newer than the report.
    """
    try:
        report = read_report(api)
    except Problem as problem:
        return PasswordAge(created_at, estimate=f"the credential report could not be read: {_clause(problem.what)}")
    changed_at = report.password_changed_at(user_name)
    return PasswordAge(max(changed_at or created_at, created_at), report.generated_at)


@dataclass(frozen=True)
class PasswordExpiry:
    """The age of a password, and the rules of the account that make it expire.

    ``days`` is MaxPasswordAge and ``hard`` is HardExpiry. An expired password must be replaced at the next sign-in.
    With HardExpiry the sign-in page does not allow that (IAM User Guide, "Set an account password policy").

    ``last_used`` is the last sign-in. No one can sign in with an expired password, so a report that shows an earlier
    expiry is out of date. ``reset_required`` is the flag of the login profile. ``turn_off`` is the command that turns
    expiry off.
    """

    age: PasswordAge
    days: int
    hard: bool
    now: datetime
    last_used: datetime | None
    reset_required: bool
    turn_off: str

    @property
    def ends(self) -> datetime:
        """The time at which the password expires. A new MaxPasswordAge applies at once (IAM User Guide, same page)."""
        return self.age.set_at + timedelta(days=self.days)

    @property
    def _subject(self) -> str:
        return f"passwords expire after {self.days} days: this one"

    def evaluate(self, findings: Findings) -> None:
        """Add the finding for a password that is valid, expired, or of unknown age."""
        if self.ends > self.now:
            self._valid(findings)
        elif self.age.estimate:
            self._unknown(findings)
        elif self.last_used is not None and self.last_used > max(self.ends, self.age.as_of or self.ends):
            self._outdated(findings)
        else:
            self._expired(findings)

    def _valid(self, findings: Findings) -> None:
        end = date_text(self.ends)
        hard, caution = (
            f", and after that {ADMINISTRATOR}" if self.hard else "",
            f"The console password expires on {end}",
        )
        if self.age.estimate:
            text = f"{self._subject} expires on {end} or later{hard}. That is an estimate, because {self.age.estimate}"
            caution += " or later (an estimate)"
        else:
            text = f"{self._subject} was set on {date_text(self.age.set_at)} and expires on {end}{hard}"
        remedy = f"Set and seal a new password before that date, or turn off expiry: {self.turn_off}"
        findings.warn(text, remedy, caution=caution if self.ends - self.now <= SOON else "")

    def _unknown(self, findings: Findings) -> None:
        text = (
            f"{self._subject} expired on {date_text(self.ends)} unless it was changed since. "
            f"That is an estimate, because {self.age.estimate}"
        )
        findings.untested(text, f"{ALLOW_REPORT} Or set and seal a new password.", reason=UNKNOWN)

    def _outdated(self, findings: Findings) -> None:
        text = (
            f"the credential report of {self._as_of} shows an expired password, but it is older than the last sign-in"
        )
        again = minute_text(self.age.as_of + REPORT_LIFE) if self.age.as_of else "four hours"
        findings.untested(text, f"Validate again after {again}, when AWS generates a new report.", reason=UNKNOWN)

    def _expired(self, findings: Findings) -> None:
        text = f"{self._subject} was set on {date_text(self.age.set_at)} and expired on {date_text(self.ends)}"
        text += f" (credential report of {self._as_of})" if self.age.as_of else ""
        if self.hard:
            remedy = f"Have an administrator set a new password, and seal it. Or turn off expiry: {self.turn_off}"
            findings.fail(f"{text}, and {ADMINISTRATOR}", remedy)
            return
        # A first sign-in that is still to be made replaces the password too. The check ``access`` reports that step.
        pending = "" if self.reset_required else CHANGE_EXPIRED
        remedy = f"Sign in once as this user, set a new password, and seal it. Or turn off expiry: {self.turn_off}"
        findings.warn(text, remedy, pending=pending)

    @property
    def _as_of(self) -> str:
        return minute_text(self.age.as_of) if self.age.as_of else "unknown time"


def _clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")

"""The look ``clock``: this machine's clock agrees with AWS's, or every MFA code would be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.turn import Turn

TOLERANCE_S = 60
"""Two periods of a code: within that AWS still accepts it, beyond it the enrolment is refused or out of step."""


@dataclass(frozen=True)
class ClockAgrees:
    """The Date header of an answer against the local clock."""

    clients: Clients
    id = "clock"
    title = "Clock agrees with AWS"

    def inspect(self, turn: Turn) -> CheckResult:
        """Ask for anything and look at when it was answered."""
        expected = f"within {TOLERANCE_S} seconds of AWS's clock"
        why = "The tool computes the MFA codes from the time; wrong time means wrong codes."
        answer = Api(self.clients, turn).call("sts:GetCallerIdentity")
        header = str(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", ""))
        try:
            apart = (turn.clock.now() - parsedate_to_datetime(header)).total_seconds()
        except (TypeError, ValueError):
            found = "the answer of AWS has no readable Date"
            return CheckResult(
                self.id, self.title, CheckStatus.SKIP, expected, found, why, "Compare the clock yourself."
            )
        findings, way = Findings(), "ahead of" if apart > 0 else "behind"
        text = f"{abs(apart):.0f} seconds {way} AWS"
        if abs(apart) > TOLERANCE_S:
            findings.fail(
                f"this machine's clock is {text}", "Set the clock, for example with: timedatectl set-ntp true"
            )
        else:
            findings.good(text)
        return findings.result(self, expected=expected, why=why)

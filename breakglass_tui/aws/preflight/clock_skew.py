"""The look ``clock``: this machine's clock agrees with AWS's, or MFA codes and signatures would be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.step_context import StepContext

TOLERANCE_S = 60
"""Two periods of a code: within that AWS still accepts it, beyond it the enrolment is refused or out of step."""
SIGNATURE_S = 300
"""Beyond it AWS refuses what was signed (IAM User Guide, signing requests: five minutes)."""
SET_IT = "Set the clock, for example with: timedatectl set-ntp true"


@dataclass(frozen=True)
class ClockPreflight:
    """The Date header of an answer against the local clock; ``codes`` says that this tool computes MFA codes."""

    clients: Clients
    codes: bool = False
    id = "clock"
    title = "Clock agrees with AWS"

    def inspect(self, context: StepContext) -> CheckResult:
        """Ask for anything and look at when it was answered."""
        expected = f"within {TOLERANCE_S} seconds of AWS's clock"
        why = "AWS refuses what was signed at another time"
        why += ", and the tool computes the MFA codes from it." if self.codes else "; MFA codes depend on it too."
        answer = Api(self.clients, context).call("sts:GetCallerIdentity")
        header = str(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", ""))
        try:
            apart = (context.clock.now() - parsedate_to_datetime(header)).total_seconds()
        except (TypeError, ValueError):
            found = "the answer of AWS has no readable Date"
            return CheckResult(
                self.id, self.title, CheckStatus.SKIP, expected, found, why, "Compare the clock yourself."
            )
        findings, way = Findings(), "ahead of" if apart > 0 else "behind"
        text = f"{abs(apart):.0f} seconds {way} AWS"
        if abs(apart) > (TOLERANCE_S if self.codes else SIGNATURE_S):
            findings.fail(f"this machine's clock is {text}", SET_IT)
        elif abs(apart) > TOLERANCE_S:
            findings.warn(f"this machine's clock is {text}", SET_IT)
        else:
            findings.good(text)
        return findings.result(self, expected=expected, why=why)

"""The preflight check ``clock``: this machine's clock matches AWS. MFA codes and signatures depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.step_context import StepContext

TOLERANCE_S = 60
"""Two periods of an MFA code. AWS accepts a code within them. Beyond them the enrolment fails or is out of sync."""
SIGNATURE_S = 300
"""Beyond this skew AWS refuses signed requests (IAM User Guide, signing requests: five minutes)."""
SET_CLOCK = "Set the clock. On Linux, run: timedatectl set-ntp true"


@dataclass(frozen=True)
class ClockPreflight:
    """The check of the local clock with the Date header of an answer. ``codes``: this program computes MFA codes."""

    clients: Clients
    codes: bool = False
    id = "clock"
    title = "Clock matches AWS"

    def inspect(self, context: StepContext) -> CheckResult:
        """Make a call and compare the time of its answer with the local clock."""
        expected = f"within {TOLERANCE_S} seconds of AWS's clock"
        why = "AWS refuses a request that is signed with a wrong time. "
        why += "This program computes MFA codes from the clock." if self.codes else "MFA codes depend on the clock too."
        answer = Api(self.clients, context).call("sts:GetCallerIdentity")
        header = str(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", ""))
        try:
            apart = (context.clock.now() - parsedate_to_datetime(header)).total_seconds()
        except (TypeError, ValueError):
            found = "the answer of AWS has no readable Date header"
            return CheckResult(
                self.id, self.title, CheckStatus.SKIP, expected, found, why, "Compare the clock with a reliable clock."
            )
        findings, direction = Findings(), "ahead of" if apart > 0 else "behind"
        text = f"{abs(apart):.0f} s {direction} AWS"
        if abs(apart) > (TOLERANCE_S if self.codes else SIGNATURE_S):
            findings.fail(f"this machine's clock is {text}", SET_CLOCK)
        elif abs(apart) > TOLERANCE_S:
            findings.warn(f"this machine's clock is {text}", SET_CLOCK)
        else:
            findings.good(text)
        return findings.result(self, expected=expected, why=why)

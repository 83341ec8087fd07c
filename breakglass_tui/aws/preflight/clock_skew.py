"""The preflight check ``clock``: this machine's clock agrees with that of AWS.

MFA codes and signatures depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.engine.step_context import StepContext

TOLERANCE_S = 60
"""The skew, in seconds, within which AWS accepts an MFA code. It is two periods of a code."""
SIGNATURE_S = 300
"""The skew, in seconds, beyond which AWS refuses signed requests (IAM User Guide, signing requests: five minutes)."""
SET_CLOCK = "Set the clock. On Linux, run: timedatectl set-ntp true"


@dataclass(frozen=True)
class ClockPreflight:
    """The check that compares the local clock with the Date header of an answer.

    ``codes`` means that this program computes MFA codes, so that a smaller skew fails.
    """

    clients: Clients
    codes: bool = False
    id = "clock"
    title = "Local clock"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:
        """Call GetCallerIdentity and compare the Date header of its answer with the local clock."""
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

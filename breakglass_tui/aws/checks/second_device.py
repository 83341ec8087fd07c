"""The check ``second-device``: the loss of one MFA device does not lock the user out."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.engine.step_context import StepContext

WHY = "One of up to eight devices is enough to sign in. If the only device is lost or broken, the user is locked out."
SECOND = (
    "Enrol another device for this user in the IAM console and give it to another person, "
    "or keep a second copy of the seed."
)
FIRST = "Enrol a device for this user in the IAM console."
ONLY_ONE = "There is only one MFA device: losing it locks the user out"


@dataclass(frozen=True)
class SecondDeviceCheck(UserCheck):
    """The number of devices from ListMFADevices."""

    id = "second-device"
    title = "Second MFA device"

    def inspect(self, context: StepContext) -> CheckResult:
        """Count the devices."""
        findings = Findings()
        devices = self.shared().devices.get(Api(self.clients, context))
        if not devices:
            findings.warn("no MFA device", FIRST)
        elif len(devices) == 1:
            findings.warn("only one MFA device", SECOND, caution=ONLY_ONE)
        else:
            findings.good(f"{len(devices)} MFA devices")
        return findings.result(self, expected="two MFA devices in different places", why=WHY)

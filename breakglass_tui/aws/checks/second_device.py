"""The check ``second-device``: losing one MFA device does not lock the user out."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.engine.step_context import StepContext

WHY = "Any one of up to eight devices is enough to sign in; a single one that is lost or broken locks the user out."
SECOND = (
    "Enrol another device for this user in the IAM console, kept by somebody else, or keep a second copy of the seed."
)
FIRST = "Enrol a device for this user in the IAM console."
ONE = "one MFA device is the only one: losing it locks the user out"


@dataclass(frozen=True)
class SecondDeviceCheck(UserCheck):
    """ListMFADevices once more, for their number."""

    id = "second-device"
    title = "Second MFA device"

    def inspect(self, context: StepContext) -> CheckResult:
        """Count the devices."""
        findings = Findings()
        devices = self.shared().devices.get(Api(self.clients, context))
        if not devices:
            findings.warn("no device at all", FIRST)
        elif len(devices) == 1:
            findings.warn("one device only", SECOND, caution=ONE)
        else:
            findings.good(f"{len(devices)} devices")
        return findings.result(self, expected="two devices, kept apart", why=WHY)

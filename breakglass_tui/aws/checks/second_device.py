"""The check ``second-device``: the loss of one MFA device does not lock out the user or make its access key useless."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.engine.step_context import StepContext

WHY = "One of up to eight devices is enough to sign in. If the only device is lost or broken, the user is locked out."
SECOND = (
    "Enrol another device for this user in the IAM console and give it to another person, "
    "or keep a second copy of the seed."
)
SECOND_WITH_CODES = (
    "Enrol another authenticator app or a hardware token for this user in the IAM console. Give it to another person."
)
FIRST = "Enrol a device for this user in the IAM console."
ONLY_ONE = "There is only one MFA device: losing it locks the user out"
ONLY_ONE_WITH_CODES = "There is only one MFA device with codes: losing it makes the access key useless"
NONE_WITH_CODES = "There is no MFA device with codes, so the access key is useless"
FIDO = ":u2f/"
"""A part of the serial number of each passkey and security key.

AWS STS accepts only the codes of virtual and hardware devices (IAM User Guide, "Secure API access with MFA").
"""


@dataclass(frozen=True)
class SecondDeviceCheck(UserCheck):
    """The check of the number of MFA devices (ListMFADevices).

    An access key that requires MFA works only with devices that show codes, so passkeys do not count for it.
    """

    id = "second-device"
    title = "Second MFA device"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:ListMFADevices"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Count the MFA devices, and those that show codes."""
        findings = Findings()
        devices = self.shared().devices.get(Api(self.clients, context))
        total, with_codes = len(devices), sum(FIDO not in device.serial for device in devices)
        if not devices:
            findings.warn("no MFA device", FIRST)
        elif self._needs_codes and not with_codes:
            findings.warn("no MFA device has codes for the access key", SECOND_WITH_CODES, caution=NONE_WITH_CODES)
        elif total == 1:
            findings.warn("only one MFA device", SECOND, caution=ONLY_ONE)
        elif self._needs_codes and with_codes == 1:
            text = f"only one of {total} MFA devices has codes for the access key"
            findings.warn(text, SECOND_WITH_CODES, caution=ONLY_ONE_WITH_CODES)
        elif self._needs_codes and with_codes < total:
            findings.good(f"{total} MFA devices, {with_codes} with codes for the access key")
        else:
            findings.good(f"{total} MFA devices")
        return findings.result(self, expected="two MFA devices in different places", why=WHY)

    @property
    def _needs_codes(self) -> bool:
        """Whether the access key works only with an MFA session, which needs a code of a device."""
        request = self.subject.request
        return request is not None and request.programmatic and request.require_mfa

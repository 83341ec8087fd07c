"""The check ``mfa-devices``: the user has exactly the requested MFA devices, and they work."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import user_command
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.mfa_session import TRIES
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import MISSION, CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A device that no one holds locks the user out. An unknown device lets a stranger pass MFA."
ENROL = "Enrol a device for this user in the IAM console, or create a new emergency user."


@dataclass(frozen=True)
class MfaDevicesCheck(UserCheck):
    """ListMFADevices: no device unless one was requested, else the requested one."""

    id = "mfa-devices"
    title = MISSION["mfa-devices"]

    def inspect(self, context: StepContext) -> CheckResult:
        """List the devices and compare them with the request."""
        api, findings = Api(self.clients, context), Findings()
        serials = self.shared().devices.get(api)
        if self.subject.mfa_serial:
            self._exactly(api, self.subject.mfa_serial, serials, findings)
        elif self.subject.request is None:
            self._any(serials, findings)
        elif device_expected(self.subject):
            self._one(serials, findings)
        else:
            self._unrequested(serials, findings)
            if not serials:
                findings.good("no MFA device")
        return findings.result(self, expected=self._expected(), why=WHY)

    def _expected(self) -> str:
        if self.subject.mfa_serial:
            return f"exactly one MFA device, {show(self.subject.mfa_serial)}"
        if device_expected(self.subject):
            return "exactly one MFA device"
        return "an MFA device" if self.subject.request is None else "no MFA device"

    def _exactly(self, api: Api, serial: str, serials: list[str], findings: Findings) -> None:
        if serial in serials:
            findings.good(f"{show(serial)} is enabled")
            self._test(api, serial, findings)
        else:
            findings.fail(f"{show(serial)} is not enabled for this user", ENROL)
        self._unrequested([other for other in serials if other != serial], findings)

    def _test(self, api: Api, serial: str, findings: Findings) -> None:
        """Test a new code of the device if this process has the access key and the seed."""
        session = self.shared().session.get(api)
        if session.clients is not None:
            findings.good("AWS accepted a new code from it (GetSessionToken)")
        elif session.refused:
            codes = ("--authentication-code1", "CODE1", "--authentication-code2", "CODE2")
            command = user_command(self.subject, "resync-mfa-device", "--serial-number", serial, *codes)
            text = f"AWS refused {TRIES} new codes from it: {session.refused}"
            findings.fail(text, f"Resynchronize it with two consecutive codes in place of CODE1 and CODE2: {command}")

    def _unrequested(self, serials: list[str], findings: Findings) -> None:
        for serial in serials:
            command = user_command(self.subject, "deactivate-mfa-device", "--serial-number", serial)
            text = f"not requested: device {show(serial)}"
            findings.fail(text, f"Deactivate it unless you know who holds it: {command}")

    def _one(self, serials: list[str], findings: Findings) -> None:
        names = " and ".join(map(show, serials))
        if not serials:
            findings.fail("no device is enabled for this user", ENROL)
        elif len(serials) == 1:
            findings.good(f"{names} is enabled")
        else:
            remedy = "Compare the serial numbers with the report of the run that created the user."
            findings.warn(f"{len(serials)} devices instead of one: {names}", remedy)

    def _any(self, serials: list[str], findings: Findings) -> None:
        if serials:
            findings.good(f"{' and '.join(map(show, serials))} enabled")
        else:
            findings.warn("no MFA device: a password or an access key is enough to act as this user", ENROL)

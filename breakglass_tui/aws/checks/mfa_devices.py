"""The check ``mfa-devices``: exactly the devices that were asked for can confirm a sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import MISSION, CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A device that nobody holds locks the user out; one that nobody knows of lets a stranger in."
ENROL = "Enrol a device for this user in the IAM console, or set up a new emergency user."


@dataclass(frozen=True)
class MfaDevicesCheck(UserCheck):
    """ListMFADevices: none unless configured, else the configured one."""

    id = "mfa-devices"
    title = MISSION["mfa-devices"]

    def inspect(self, context: StepContext) -> CheckResult:
        """List the devices and hold them against the request."""
        api, findings = Api(self.clients, context), Findings()
        serials = self.shared().devices.get(api)
        if self.subject.mfa_serial:
            self._exactly(api, self.subject.mfa_serial, serials, findings)
        elif self.subject.request is None:
            self._any(serials, findings)
        elif device_expected(self.subject):
            self._one(serials, findings)
        else:
            self._surplus(serials, findings)
            if not serials:
                findings.good("none")
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
            self._use(api, serial, findings)
        else:
            findings.fail(f"{show(serial)} is not enabled for this user", ENROL)
        self._surplus([other for other in serials if other != serial], findings)

    def _use(self, api: Api, serial: str, findings: Findings) -> None:
        """A fresh code of it, where key and seed are at hand."""
        session = self.shared().session.get(api)
        if session.clients is not None:
            findings.good("and AWS took a fresh code of it (GetSessionToken)")
        elif session.refused:
            sync = command(self.subject, "resync-mfa-device", "--serial-number", serial)
            text = f"but AWS took none of several fresh codes of it: {session.refused}"
            findings.fail(text, f"Bring it in step with two codes that follow each other: {sync} …")

    def _surplus(self, serials: list[str], findings: Findings) -> None:
        for serial in serials:
            off = command(self.subject, "deactivate-mfa-device", "--serial-number", serial)
            findings.fail(f"not asked for: device {show(serial)}", f"Unless it is known who holds it: {off}")

    def _one(self, serials: list[str], findings: Findings) -> None:
        names = " and ".join(map(show, serials))
        if not serials:
            findings.fail("no device is enabled for this user", ENROL)
        elif len(serials) == 1:
            findings.good(f"{names} is enabled")
        else:
            next = "Compare the serial numbers with the report of the run that made the user."
            findings.warn(f"{len(serials)} devices, {names}; one was asked for", next)

    def _any(self, serials: list[str], findings: Findings) -> None:
        if serials:
            findings.good(f"{' and '.join(map(show, serials))} enabled")
        else:
            findings.warn("no MFA device: a password or a key alone is enough to act as this user", ENROL)

"""The check ``mfa-devices``: the requested MFA device works, and the user has no unknown device."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.earlier_use import add_disproof
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.mfa_device_list import MfaDeviceRead, device_expected
from breakglass_tui.aws.checks.mfa_session import TRIES
from breakglass_tui.aws.checks.remedy_commands import program_command, user_command, validate_with_envelope
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import MISSION, UNKNOWN_DEVICES, CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A device that no one holds locks the user out. An unknown device lets a stranger pass MFA."
WHY_NONE = "Without an MFA device, there is no second factor. If a policy requires MFA, the user is locked out."
NO_SECOND_FACTOR = "No second factor: this user has no MFA device, so a password or an access key alone is enough"
UNTESTED = "MFA devices: no code of the device was tested in the last 45 days"
ENROL = "Enrol a device for this user in the IAM console, or create a new emergency user."


@dataclass(frozen=True)
class MfaDevicesCheck(UserCheck):
    """The check that the user has the requested MFA device, if any, and no other (ListMFADevices)."""

    id = "mfa-devices"
    title = MISSION["mfa-devices"]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:ListMFADevices", "iam:GetUser", "iam:GetLoginProfile"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the MFA devices, compare them with the request and test the requested one."""
        api, findings = Api(self.clients, context), Findings()
        devices = self.shared().devices.get(api)
        if self.subject.mfa_serial:
            self._enrolled(api, self.subject.mfa_serial, devices, findings)
        elif device_expected(self.subject):
            self._requested(api, devices, findings)
        elif self.subject.request is None:
            self._unmanaged(api, devices, findings)
        else:
            self._others(api, devices, findings)
            if not devices:
                findings.good("no MFA device")
                findings.risk(NO_SECOND_FACTOR, ENROL)
        return findings.result(self, expected=self._expected(), why=WHY if devices else WHY_NONE)

    def _expected(self) -> str:
        if self.subject.mfa_serial:
            return f"MFA device {show(self.subject.mfa_serial)}, and no unknown device"
        if device_expected(self.subject):
            return "the requested MFA device, and no unknown device"
        return "an MFA device" if self.subject.request is None else "no unknown MFA device"

    def _enrolled(self, api: Api, serial: str, devices: list[MfaDeviceRead], findings: Findings) -> None:
        found = next((device for device in devices if device.serial == serial), None)
        if found is None:
            findings.fail(f"{show(serial)} is not enabled for this user", ENROL)
        else:
            findings.good(f"{found} is enabled")
            self._test(api, found, findings)
        self._others(api, [other for other in devices if other.serial != serial], findings)

    def _test(self, api: Api, device: MfaDeviceRead, findings: Findings) -> None:
        """Add a finding about whether the device works.

        A new code is tested if this process has the access key and the MFA seed. Otherwise an earlier proof can count.
        """
        session = self.shared().session.get(api)
        if session.clients is not None:
            findings.proven("AWS accepted a new code from it (GetSessionToken)", _fingerprint(device))
        elif session.refused:
            codes = ("--authentication-code1", "CODE1", "--authentication-code2", "CODE2")
            command = user_command(
                self.clients, self.subject, "resync-mfa-device", "--serial-number", device.serial, *codes
            )
            text = f"AWS refused {TRIES} new codes from it: {session.refused}"
            remedy = f"Resynchronize it with two consecutive codes in place of CODE1 and CODE2: {command}"
            findings.disproven(text, remedy, _fingerprint(device))
        elif self.subject.created_here:
            findings.proven("AWS accepted two consecutive codes from it (EnableMFADevice)", _fingerprint(device))
        else:
            self._tested_before(api, device, findings)

    def _tested_before(self, api: Api, device: MfaDeviceRead, findings: Findings) -> None:
        """Add a finding about an earlier proof that the device works.

        A validation on this machine counts. So does a console sign-in after the device was enabled, because the console
        then asks for a code (IAM User Guide, MFA).
        """
        proof = self.subject.history.proof(self.id, _fingerprint(device), api.context.clock.now())
        signed_in = self.shared().user.get(api).get("PasswordLastUsed")
        if add_disproof(self.clients, self.subject, self.id, _fingerprint(device), findings, used_at=signed_in):
            return
        if proof is not None:
            findings.good(f"tested by a validation on {date_text(proof.at)}")
        elif signed_in and device.enabled_at and signed_in > device.enabled_at:
            findings.good(f"used at a console sign-in on {date_text(signed_in)}")
        elif not self._reset_pending(api):
            findings.untested(
                f"no code of {device} was tested", validate_with_envelope(self.clients, self.subject), reason=UNTESTED
            )

    def _reset_pending(self, api: Api) -> bool:
        """Return whether the first sign-in is still to be made.

        That step is then in the verdict, and it also tests the device.
        """
        return bool((self.shared().profile.get(api) or {}).get("PasswordResetRequired"))

    def _requested(self, api: Api, devices: list[MfaDeviceRead], findings: Findings) -> None:
        """Evaluate the devices if one was requested and its serial number is not known on this machine."""
        if not devices:
            findings.fail("no device is enabled for this user", ENROL)
            return
        first, *others = devices
        findings.good(f"{first} is enabled")
        self._tested_before(api, first, findings)
        self._others(api, others, findings)

    def _others(self, api: Api, devices: list[MfaDeviceRead], findings: Findings) -> None:
        """Add a finding for each device that was not requested.

        A device that the operator accepted is a good finding.
        """
        if not devices:
            return
        user_id = str(self.shared().user.get(api).get("UserId", ""))
        for device in devices:
            if self.subject.history.accepts(user_id, device.serial):
                findings.good(f"{device} is enabled and was accepted")
                continue
            unknown = f"{findings.facts.get(UNKNOWN_DEVICES, '')} {device.serial}".strip()
            findings.facts |= {UNKNOWN_DEVICES: unknown, "user_id": user_id}
            remove = user_command(self.clients, self.subject, "deactivate-mfa-device", "--serial-number", device.serial)
            options = ("--user-name", self.subject.user_name, "--accept-device", device.serial)
            accept = program_command(self.clients, "validate", *options)
            findings.untested(
                f"MFA device {device} is unknown: not requested and not accepted",
                f"Deactivate it unless you know who holds it: {remove}",
                reason=f"MFA devices: {device} is unknown",
                clear=f"If you know who holds it, accept it: {accept}",
            )

    def _unmanaged(self, api: Api, devices: list[MfaDeviceRead], findings: Findings) -> None:
        """Evaluate the devices of a user without a request. All count as intended.

        The first one must have been used.
        """
        if not devices:
            findings.warn("no MFA device: a password or an access key is enough to act as this user", ENROL)
            findings.risk(NO_SECOND_FACTOR, ENROL)
            return
        findings.good(f"{' and '.join(map(str, devices))} enabled")
        self._tested_before(api, devices[0], findings)


def _fingerprint(device: MfaDeviceRead) -> str:
    """Return the serial number and the enable date of the device.

    The serial number alone is not enough, because it can be used again after the device was deleted.
    """
    return f"{device.serial} {device.enabled_at.isoformat() if device.enabled_at else ''}".strip()

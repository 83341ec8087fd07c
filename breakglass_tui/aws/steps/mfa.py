"""The step ``mfa-device``: a virtual MFA device, enrolled by the operator's app or by this tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.problems import lost_answer, outcome_unknown
from breakglass_tui.aws.seal import MFA_SEED
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.aws.steps.assured import not_visible
from breakglass_tui.aws.steps.base import OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.enrolment import Enrolment, by_operator, by_tool
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome
from breakglass_tui.engine.turn import Turn
from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True)
class MfaDevice(AwsStep):
    """The device is named after the user and the run, so a name that is left over anywhere is ours."""

    id = "mfa-device"
    title = "Enrol MFA device"
    undo_actions = (*OWNERSHIP, "iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice", "iam:ListVirtualMFADevices")

    @property
    def actions(self) -> tuple[str, ...]:
        """With those of sealing."""
        own = ("CreateVirtualMFADevice", "TagMFADevice", "EnableMFADevice", "ListMFADevices")
        removal = ("ListVirtualMFADevices", "DeleteVirtualMFADevice")
        return (*(f"iam:{name}" for name in (*own, *removal)), *self.kms_actions)

    @property
    def device_name(self) -> str:
        """The user's name and the first eight characters of the run's id."""
        return f"{self.user_name}-{self.setup.run_id[:8]}"

    @property
    def serial(self) -> str:
        """The ARN that the device will have."""
        caller = self.setup.account.caller
        return f"arn:{caller.partition}:iam::{caller.account_id}:mfa/{self.device_name}"

    @property
    def change(self) -> Change:
        """One virtual MFA device."""
        own = self.setup.request.mfa == "authenticator"
        how = "enrolled with the codes of your authenticator app" if own else "enrolled by this tool, its seed sealed"
        return Change("new", f"virtual MFA device {self.device_name}, {how}")

    def apply(self, turn: Turn) -> Outcome:
        """Create the device, seal its seed, enrol it with two codes, and read it back."""
        api = self.api(turn)
        self.doubt.exists = False
        serial, seed = self._create(api)
        envelopes = self.seal(api, MFA_SEED, {"serial_number": serial, "seed": seed})
        enrolment = Enrolment(api, self.user_name, serial, self.setup.account.caller.account_id, seed)
        if self.setup.request.mfa == "authenticator":
            by_operator(enrolment)
        else:
            by_tool(enrolment)
        if not settle(turn, enrolment.done, good=1):
            raise not_visible("The MFA device")
        kept = kept_in(envelopes) if envelopes else "in the authenticator app"
        return Outcome(f"{serial}, seed {kept}", {"mfa_serial": serial}, envelopes)

    def undo(self, turn: Turn) -> None:
        """Take the device off our user, delete it, then its envelopes."""
        api, serial = self.api(turn), turn.facts.get("mfa_serial", self.serial)
        off = iam("deactivate-mfa-device", user_name=self.user_name, serial_number=serial)
        away = iam("delete-virtual-mfa-device", serial_number=serial)
        with leaving(f"The MFA device {show(serial)}", off, away):
            if self.doubt.exists:
                appears(turn, lambda: self._left_over(api))
            if self.mine(api):
                api.remove("iam:DeactivateMFADevice", UserName=self.user_name, SerialNumber=serial)
        with leaving(f"The MFA device {show(serial)}", away):
            api.remove("iam:DeleteVirtualMFADevice", SerialNumber=serial)
        self.discard(MFA_SEED)

    def _create(self, api: Api) -> tuple[str, Secret]:
        """A device whose seed we hold; one whose answer was lost is deleted, and one more made, once."""
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.turn.note("the answer was lost: looking for a device whose seed nobody has")
            if appears(api.turn, lambda: self._left_over(api)):
                api.remove("iam:DeleteVirtualMFADevice", SerialNumber=self.serial)
            return self._create_once(api)

    def _create_once(self, api: Api) -> tuple[str, Secret]:
        with self.sending():
            device: dict[str, Any] = api.made(
                "iam:CreateVirtualMFADevice",
                "VirtualMFADevice",
                VirtualMFADeviceName=self.device_name,
                Tags=self.tags(),
            )
            if not device.get("Base32StringSeed"):
                raise lost_answer("iam:CreateVirtualMFADevice", "the answer has no seed")
        return str(device.get("SerialNumber") or self.serial), Secret(bytes(device["Base32StringSeed"]).decode("ascii"))

    def _left_over(self, api: Api) -> bool:
        devices = api.pages("iam:ListVirtualMFADevices", "VirtualMFADevices", AssignmentStatus="Any")
        return any(item.get("SerialNumber") == self.serial for item in devices)

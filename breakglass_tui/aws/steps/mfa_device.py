"""The step ``mfa-device``: a virtual MFA device, enrolled by the operator's app or by this tool."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import appears, wait_until_consistent
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.aws.mfa_codes import Codes
from breakglass_tui.aws.steps.base import OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible, removed
from breakglass_tui.aws.steps.mfa_enrolment import ENABLE, MfaEnrolment, by_operator, by_tool, enrolled
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.ownership import device_name, device_serial
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret

CREATE = "iam:CreateVirtualMFADevice"
TRIES = 3


@dataclass(frozen=True)
class MfaDeviceStep(AwsStep):
    """The device is named after the user and the run, so a name that is left over anywhere is ours."""

    id = "mfa-device"
    title = "Enrol MFA device"
    undo_actions = (*OWNERSHIP, "iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice", "iam:ListVirtualMFADevices")

    @property
    def actions(self) -> tuple[str, ...]:
        """With those of sealing."""
        own = ("CreateVirtualMFADevice", "TagMFADevice", "EnableMFADevice", "ListMFADevices")
        return (*(f"iam:{name}" for name in own), *self.undo_actions, *self.kms_actions)

    @property
    def device_name(self) -> str:
        """The user's name and the first eight characters of the run's id."""
        return device_name(self.user_name, self.setup.run_id)

    @property
    def serial(self) -> str:
        """The ARN that the device will have."""
        return device_serial(self.setup.account.caller, self.device_name)

    @property
    def change(self) -> Change:
        """One virtual MFA device."""
        own = self.setup.request.mfa == "authenticator"
        how = "enrolled with the codes of your authenticator app" if own else "enrolled by this tool, its seed sealed"
        return Change("new", f"virtual MFA device {self.device_name}, {how}")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create the device, seal its seed, enrol it with two codes, and read it back."""
        api = self.api(context)
        self.require_mine(api)
        if context.resumed:
            envelopes = self._enrolled_before(api)
            if envelopes is not None:
                return self._outcome(self.serial, envelopes)
            self._clear(api)
        serial, seed = self._create(api)
        envelopes = self.seal(api, MFA_SEED, {"serial_number": serial, "seed": seed})
        enrolment = MfaEnrolment(api, self.user_name, serial, self.setup.account.caller.account_id, seed)
        if self._by_operator:
            by_operator(enrolment)
        else:
            by_tool(enrolment)
            Codes.keep(self.setup.vault, seed, context.clock.now().timestamp())
        if not wait_until_consistent(context, lambda: self._only(api), good=1):
            raise not_visible("The MFA device")
        return self._outcome(serial, envelopes)

    def undo(self, context: StepContext) -> None:
        """Take the device off our user, delete it, then its envelopes."""
        self._clear(self.api(context))
        self.discard(context, MFA_SEED)

    def find(self, context: StepContext) -> ObservedState:
        """The device, and whether it is our user's."""
        api = self.api(context)
        if not self._left_over(api):
            return self.find_on_user(api, lambda: self._others(api))
        enrolled = ObservedState(Observation.THERE, show(self.serial))
        made_only = ObservedState(Observation.PARTLY, "made, but not enrolled")
        observed = self.find_on_user(api, lambda: enrolled if self._enrolled(api) else made_only)
        return (
            ObservedState(Observation.PARTLY, f"left over, and {observed.text}")
            if observed.seen is Observation.ABSENT
            else observed
        )

    @property
    def _by_operator(self) -> bool:
        return self.setup.request.mfa == "authenticator"

    def _outcome(self, serial: str, envelopes: tuple[EnvelopeInfo, ...]) -> StepOutcome:
        kept = kept_in(envelopes) if envelopes else "in the authenticator app"
        return StepOutcome(f"{serial}, seed {kept}", {"mfa_serial": serial}, envelopes)

    def _enrolled_before(self, api: Api) -> tuple[EnvelopeInfo, ...] | None:
        """The envelopes of a device that the operator enrolled in an earlier process; None if it is to be made anew."""
        if not self._by_operator or not may_exist(api.context, ENABLE):
            return None
        return self.sealed_before(api, MFA_SEED) if appears(api.context, lambda: self._enrolled(api)) else None

    def _clear(self, api: Api) -> None:
        """Remove the device of this run, enrolled or not, also one that a lost request makes late."""
        if not may_exist(api.context, CREATE):
            return
        serial = self.serial
        off = iam("deactivate-mfa-device", user_name=self.user_name, serial_number=serial)
        away = iam("delete-virtual-mfa-device", serial_number=serial)
        with leaving(f"The MFA device {show(serial)}", off, away):
            if api.context.run_log.unanswered(CREATE) and appears(api.context, lambda: self._left_over(api)):
                api.context.settled(CREATE, "made; its seed never arrived, so it is deleted")
            if self.still_there(api):
                api.remove("iam:DeactivateMFADevice", UserName=self.user_name, SerialNumber=serial)
        with leaving(f"The MFA device {show(serial)}", away):
            removed(
                api.context,
                "The removal",
                lambda: api.remove("iam:DeleteVirtualMFADevice", SerialNumber=serial),
                lambda: self._left_over(api),
            )

    def _create(self, api: Api) -> tuple[str, Secret]:
        """A device whose seed we hold; one whose answer was lost is deleted, and one more made, a few times at most."""
        for tries_left in range(TRIES - 1, -1, -1):
            try:
                return self._create_once(api)
            except Problem as problem:
                landed_late = problem.code in EXISTS and api.context.run_log.unanswered(CREATE)
                if not tries_left or not (outcome_unknown(problem) or landed_late):
                    raise
                api.context.note("the answer was lost: looking for a device whose seed nobody has")
                self._clear(api)
        raise AssertionError("the last round returns or raises")

    def _create_once(self, api: Api) -> tuple[str, Secret]:
        device = api.made(
            CREATE,
            "VirtualMFADevice",
            fields=("Base32StringSeed",),
            VirtualMFADeviceName=self.device_name,
            Tags=self.tags(),
        )
        return str(device.get("SerialNumber") or self.serial), Secret(bytes(device["Base32StringSeed"]).decode("ascii"))

    def _enrolled(self, api: Api) -> bool:
        return self.serial in enrolled(api, self.user_name)

    def _only(self, api: Api) -> bool:
        """Whether our device is enrolled, and alone; raises ``Problem`` for another's."""
        serials = enrolled(api, self.user_name)
        others = sorted(serials - {self.serial})
        for serial in others:
            api.context.unmanaged(serial)
        if others:
            raise _unmanaged(others, self.user_name)
        return self.serial in serials

    def _others(self, api: Api) -> ObservedState:
        others = sorted(enrolled(api, self.user_name) - {self.serial})
        return (
            ObservedState(Observation.FOREIGN, f"another device: {show(', '.join(others))}")
            if others
            else ObservedState(Observation.ABSENT)
        )

    def _left_over(self, api: Api) -> bool:
        devices = api.pages("iam:ListVirtualMFADevices", "VirtualMFADevices", AssignmentStatus="Any")
        return any(item.get("SerialNumber") == self.serial for item in devices)


def _unmanaged(serials: list[str], user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has an MFA device that this run did not make: {show(', '.join(serials))}.",
        why="Somebody else is working on this user right now.",
        next="Find out who, in CloudTrail under EnableMFADevice; then begin anew with another user name.",
        kind=Kind.REFUSED,
        code="ForeignMfaDevice",
    )

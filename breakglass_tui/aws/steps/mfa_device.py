"""The step ``mfa-device``: a virtual MFA device, enrolled by the operator's app or by this program."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_for, wait_until_consistent
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.aws.mfa_codes import MfaCodeSource
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.aws.steps.base import AwsStep, describe_storage
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible_problem, remove_and_confirm
from breakglass_tui.aws.steps.mfa_enrolment import (
    ENABLE,
    MfaEnrolment,
    enrol_by_operator,
    enrol_by_tool,
    enrolled_serials,
)
from breakglass_tui.aws.steps.own_user import OWNERSHIP_READS
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.ownership import device_name, device_serial
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret

CREATE = "iam:CreateVirtualMFADevice"
ATTEMPTS = 3
"""The maximum number of devices that are created because answers were lost."""


@dataclass(frozen=True)
class MfaDeviceStep(AwsStep):
    """The step that calls CreateVirtualMFADevice and EnableMFADevice.

    The name of the device contains the user name and the run id, so a device of that name belongs to this run.
    """

    id = "mfa-device"
    title = "Enrol MFA device"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply`` and of its seals, with their resources."""
        return (
            *self.scope.device(self.setup.run_id, CREATE, "iam:TagMFADevice"),
            *self.scope.user(ENABLE, "iam:ListMFADevices"),
            *self.undo_permissions,
            *self.seal_permissions,
        )

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return (
            *self.scope.user(*OWNERSHIP_READS, "iam:DeactivateMFADevice"),
            *self.scope.device(self.setup.run_id, "iam:DeleteVirtualMFADevice"),
            *self.scope.account_wide("iam:ListVirtualMFADevices"),
        )

    @property
    def device_name(self) -> str:
        """The name of the device: the user name and the first eight characters of the run id."""
        return device_name(self.user_name, self.setup.run_id)

    @property
    def serial(self) -> str:
        """The serial number (ARN) that the device has or will have."""
        return device_serial(self.setup.account.caller, self.device_name)

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new MFA device."""
        how = "with codes of your authenticator app" if self._by_operator else "by this program, its seed sealed"
        return Change("new", f"virtual MFA device {self.device_name}, enrolled {how}")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create the device, seal its seed, enrol it with two codes and wait until AWS shows it. Raises ``Problem``."""
        api = self.api(context)
        if context.resumed:
            self.require_own_user(api)
            envelopes = self._enrolled_before(api)
            if envelopes is not None:
                return self._outcome(self.serial, envelopes)
            self._clear(api)
        with read_meanwhile(api, self.require_own_user) as own_user:
            serial, seed = self._create(api)
        own_user.result()
        envelopes = self.seal(api, MFA_SEED, {"serial_number": serial, "seed": seed})
        enrolment = MfaEnrolment(api, self.user_name, serial, self.setup.account.caller.account_id, seed)
        if self._by_operator:
            enrol_by_operator(enrolment)
        else:
            enrol_by_tool(enrolment)
            MfaCodeSource.remember(self.setup.vault, seed, context.clock, clock_offset_s=api.clock_offset_s)
        if not wait_until_consistent(context, lambda: self._only(api), good_reads=1):
            raise not_visible_problem("The MFA device")
        return self._outcome(serial, envelopes)

    def undo(self, context: StepContext) -> None:
        """Deactivate and delete the device, then delete its envelopes. Raises ``Problem`` with the removal commands."""
        self._clear(self.api(context))
        self.remove_envelopes(context, MFA_SEED)

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - as of the base class
        """Return the shell commands that deactivate the device and then delete it.

        AWS does not delete an active device.
        """
        return (
            self.iam_command("deactivate-mfa-device", user_name=self.user_name, serial_number=self.serial),
            self.iam_command("delete-virtual-mfa-device", serial_number=self.serial),
        )

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the device exists and is enrolled for the user that this run created."""
        api = self.api(context)
        if not self._exists(api):
            return self.observe_on_own_user(api, lambda: self._others(api))
        enrolled = ObservedState(Observation.THERE, show(self.serial))
        created = ObservedState(Observation.PARTLY, "created, but not enrolled")
        observed = self.observe_on_own_user(api, lambda: enrolled if self._enrolled(api) else created)
        return (
            ObservedState(Observation.PARTLY, f"exists, but {observed.text}")
            if observed.observation is Observation.ABSENT
            else observed
        )

    @property
    def _by_operator(self) -> bool:
        return self.setup.request.mfa == "authenticator"

    def _outcome(self, serial: str, envelopes: tuple[EnvelopeInfo, ...]) -> StepOutcome:
        kept = describe_storage(envelopes) if envelopes else "in the authenticator app"
        return StepOutcome(f"{serial}, seed {kept}", {"mfa_serial": serial}, envelopes)

    def _enrolled_before(self, api: Api) -> tuple[EnvelopeInfo, ...] | None:
        """Return the envelopes of a device that the operator enrolled during an earlier process.

        The result is None if a new device must be created. It is empty if the request has no seal.
        """
        if not self._by_operator or not may_exist(api.context, ENABLE):
            return None
        return self.written_envelopes(api, MFA_SEED) if wait_for(api.context, lambda: self._enrolled(api)) else None

    def _clear(self, api: Api) -> None:
        """Delete the device of this run, enrolled or not. Raises ``Problem`` with the removal commands.

        After a lost answer it first waits for a device that AWS may still create.
        """
        if not may_exist(api.context, CREATE):
            return
        serial = self.serial
        with self.suggest_removal(api.context, f"The MFA device {show(serial)}"):
            if api.context.run_log.unanswered(CREATE) and wait_for(api.context, lambda: self._exists(api)):
                api.context.call_settled(CREATE, "applied, and the device is deleted because its seed never arrived")
            if self.wait_for_own_user(api):
                api.remove("iam:DeactivateMFADevice", UserName=self.user_name, SerialNumber=serial)
            remove_and_confirm(
                api.context,
                "The removal",
                lambda: api.remove("iam:DeleteVirtualMFADevice", SerialNumber=serial),
                lambda: self._exists(api),
            )

    def _create(self, api: Api) -> tuple[str, Secret]:
        """Create a device and return its serial number and its seed. Raises ``Problem``.

        If the answer is lost, the device is deleted and created again, at most ``ATTEMPTS`` times in all.
        """
        for attempts_left in range(ATTEMPTS - 1, -1, -1):
            try:
                return self._create_once(api)
            except Problem as problem:
                arrived_late = problem.code in EXISTS and api.context.run_log.unanswered(CREATE)
                if not attempts_left or not (outcome_unknown(problem) or arrived_late):
                    raise
                api.context.note("the answer was lost: checking for a device with an unknown seed")
                self._clear(api)
        raise AssertionError("the last round returns or raises")

    def _create_once(self, api: Api) -> tuple[str, Secret]:
        device = api.call_part(
            CREATE,
            "VirtualMFADevice",
            fields=("Base32StringSeed",),
            VirtualMFADeviceName=self.device_name,
            Tags=self.tags(),
        )
        return str(device.get("SerialNumber") or self.serial), Secret(bytes(device["Base32StringSeed"]).decode("ascii"))

    def _enrolled(self, api: Api) -> bool:
        return self.serial in enrolled_serials(api, self.user_name)

    def _only(self, api: Api) -> bool:
        """Return whether the device is enrolled.

        Raises ``Problem`` if the user has a device that this run did not create.
        """
        serials = enrolled_serials(api, self.user_name)
        others = sorted(serials - {self.serial})
        for serial in others:
            api.context.unmanaged_found(serial)
        if others:
            raise _unmanaged(others, self.user_name)
        return self.serial in serials

    def _others(self, api: Api) -> ObservedState:
        others = sorted(enrolled_serials(api, self.user_name) - {self.serial})
        return (
            ObservedState(Observation.UNMANAGED, f"another device: {show(', '.join(others))}")
            if others
            else ObservedState(Observation.ABSENT)
        )

    def _exists(self, api: Api) -> bool:
        devices = api.paginate("iam:ListVirtualMFADevices", "VirtualMFADevices", AssignmentStatus="Any")
        return any(item.get("SerialNumber") == self.serial for item in devices)


def _unmanaged(serials: list[str], user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has an MFA device that this run did not create: {show(', '.join(serials))}.",
        why="Another admin or program changes this user at the same time.",
        next="Find out who enrolled it (CloudTrail event EnableMFADevice). Then start again with another user name.",
        kind=Kind.REFUSED,
        code="ForeignMfaDevice",
    )

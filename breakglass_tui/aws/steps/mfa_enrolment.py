"""The enrolment of a virtual MFA device with two consecutive codes, typed by the operator or computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_for
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, otpauth_uri, pair_offset, seconds_left

ENABLE = "iam:EnableMFADevice"
ATTEMPTS = 3
CURRENT = 1
"""The number of 30-second periods by which the second code may be off (RFC 6238, section 5.2: at most one)."""
EXPLAINED = 20
"""The number of 30-second periods (ten minutes in all) within which the age of a wrong code is found and shown."""
VISIBLE_WITHIN_S = 10.0
"""The number of seconds for which EnableMFADevice may not find a new device yet.

Its codes are valid at least as long.
"""

WRONG = (
    "AWS did not accept these codes. Type two consecutive codes, the older one first. Check that the phone sets its "
    "clock automatically, and that the app has the seed of this device."
)

NOT_OF_DEVICE = (
    "These are not codes of this device, or they are very old. Check that the app has the seed of this device, and "
    "that the phone sets its clock automatically. Then type two consecutive codes, the older one first."
)


@dataclass(frozen=True)
class MfaEnrolment:
    """The calls that enrol one MFA device of one user."""

    api: Api
    user_name: str
    serial: str
    account_id: str
    seed: Secret

    def enable(self, codes: tuple[str, str]) -> str:
        """Submit two codes. Return "" if AWS accepted them, else a text for the operator.

        Raises ``Problem`` for any failure that is not about the codes.
        """
        try:
            self.api.call(
                ENABLE,
                retry_on=("NoSuchEntity",),
                retry_for_s=VISIBLE_WITHIN_S,
                UserName=self.user_name,
                SerialNumber=self.serial,
                AuthenticationCode1=codes[0],
                AuthenticationCode2=codes[1],
            )
        except Problem as problem:
            if problem.code == "InvalidAuthenticationCode":
                return WRONG
            arrived_late = problem.code in EXISTS and self.api.context.run_log.unanswered(ENABLE)
            if not (outcome_unknown(problem) or arrived_late):
                raise
            return self._check_lost_answer()
        return ""

    def _check_lost_answer(self) -> str:
        context = self.api.context
        context.note("the answer was lost: checking whether the device is enrolled")
        if not wait_for(context, self.is_enrolled):
            return "The answer of AWS was lost, and the device is not enrolled. Type two new codes."
        context.call_settled(ENABLE, "applied")
        return ""

    def now(self) -> float:
        """Return the time of AWS's clock in seconds since the epoch. The clock of this machine may be wrong."""
        return self.api.context.clock.now().timestamp() + self.api.clock_offset_s

    def is_enrolled(self) -> bool:
        """Return whether the device is enrolled for the user."""
        return self.serial in enrolled_serials(self.api, self.user_name)


def enrolled_serials(api: Api, user_name: str) -> set[str]:
    """Return the serial numbers of the user's MFA devices (ListMFADevices)."""
    devices = api.paginate("iam:ListMFADevices", "MFADevices", retry_on=("NoSuchEntity",), UserName=user_name)
    return {str(item.get("SerialNumber", "")) for item in devices}


def enrol_by_operator(enrolment: MfaEnrolment) -> None:
    """Ask for two codes until AWS accepts them. Raises ``Stopped`` if the run is stopped.

    Codes that are not current are not submitted. AWS accepts some late codes too, but then the device is out of sync
    and AWS refuses its later codes (IAM API, EnableMFADevice).
    """
    context = enrolment.api.context
    uri = otpauth_uri(enrolment.seed, user_name=enrolment.user_name, account_id=enrolment.account_id)
    sent: set[str] = set()
    refused = ""
    while True:
        answer = context.ask(MfaCodes(enrolment.serial, uri, enrolment.seed, refused))
        codes = _pair(answer)
        refused = _unusable(codes, sent) or _not_current(enrolment, codes)
        if not refused:
            sent.update(codes)
            refused = enrolment.enable(codes)
            if not refused:
                return


def enrol_by_tool(enrolment: MfaEnrolment) -> None:
    """Compute two codes and submit them. After a refusal, wait for two unused codes, ``ATTEMPTS`` times at most.

    Raises ``Problem`` if AWS refuses all of them.
    """
    context = enrolment.api.context
    for attempts_left in range(ATTEMPTS - 1, -1, -1):
        now = enrolment.now()
        if not enrolment.enable(code_pair(enrolment.seed, now)):
            return
        if attempts_left:
            context.note("AWS did not accept the codes: waiting for two new codes")
            context.wait(seconds_left(now) + PERIOD_S)
    raise Problem(
        "AWS did not accept the codes of the new MFA device.",
        why=f"AWS refused {ATTEMPTS} pairs of codes. The clock of this machine may be wrong.",
        next="Set the clock (on Linux, run timedatectl set-ntp true). Then try again.",
        kind=Kind.REFUSED,
        code="InvalidAuthenticationCode",
    )


def _pair(answer: Any) -> tuple[str, str]:
    first, second = answer
    return str(first).replace(" ", ""), str(second).replace(" ", "")


def _unusable(codes: tuple[str, str], sent: set[str]) -> str:
    """Return why these codes must not be submitted, or "".

    AWS accepts each code only once, so ``sent`` codes are refused.
    """
    try:
        for code in codes:
            rules.mfa_code(code)
    except ValueError:
        return "A code has exactly six digits. Type two consecutive codes."
    if codes[0] == codes[1]:
        return "Both codes are the same. Wait for the next code of the app, and type it as the second one."
    if sent.intersection(codes):
        return "One of these codes was already submitted. AWS accepts each code only once. Wait for two new codes."
    return ""


def _not_current(enrolment: MfaEnrolment, codes: tuple[str, str]) -> str:
    """Return why these codes are not two current codes of the device, or ""."""
    offset = pair_offset(enrolment.seed, codes, enrolment.now(), within=EXPLAINED)
    if offset is None:
        swapped = pair_offset(enrolment.seed, (codes[1], codes[0]), enrolment.now(), within=EXPLAINED)
        return NOT_OF_DEVICE if swapped is None else "The codes are in the wrong order. Type the older one first."
    if offset < -CURRENT:
        return (
            f"These codes are {-offset * PERIOD_S} s old, and with old codes AWS would later refuse the device. "
            "Wait for two new codes, and submit them at once."
        )
    if offset > CURRENT:
        return (
            f"The codes are {offset * PERIOD_S} s ahead, so the clock of the phone is wrong. "
            "Let the phone set its clock automatically, then type two new codes."
        )
    return ""

"""Enrolling a virtual MFA device: two consecutive codes, typed or computed, that AWS accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import appears
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, otpauth_uri, seconds_left

ENABLE = "iam:EnableMFADevice"
TRIES = 3
VISIBLE_WITHIN_S = 10.0
"""How long a fresh device may be unknown to EnableMFADevice: not longer than its codes stay good."""

WRONG = (
    "AWS did not accept these codes. Type two codes that follow each other, the older one first; check that the "
    "phone sets its clock by itself, and that this very device was scanned."
)


@dataclass(frozen=True)
class MfaEnrolment:
    """One device of one user, and the calls that enrol it."""

    api: Api
    user_name: str
    serial: str
    account_id: str
    seed: Secret

    def enable(self, codes: tuple[str, str]) -> str:
        """Hand in two codes; returns why they were refused, or nothing. Raises ``Problem`` for all else."""
        try:
            self.api.call(
                ENABLE,
                patience=("NoSuchEntity",),
                patience_s=VISIBLE_WITHIN_S,
                UserName=self.user_name,
                SerialNumber=self.serial,
                AuthenticationCode1=codes[0],
                AuthenticationCode2=codes[1],
            )
        except Problem as problem:
            if problem.code == "InvalidAuthenticationCode":
                return WRONG
            landed_late = problem.code in EXISTS and self.api.context.run_log.unanswered(ENABLE)
            if not (outcome_unknown(problem) or landed_late):
                raise
            return self._looked_up()
        return ""

    def _looked_up(self) -> str:
        context = self.api.context
        context.note("the answer was lost: looking whether the device is enrolled")
        if not appears(context, self.done):
            return "The answer of AWS was lost and the device is not enrolled. Type two new codes."
        context.settled(ENABLE, "carried out")
        return ""

    def done(self) -> bool:
        """Whether the device is the user's."""
        return self.serial in enrolled(self.api, self.user_name)


def enrolled(api: Api, user_name: str) -> set[str]:
    """The serial numbers of the user's devices (ListMFADevices)."""
    devices = api.pages("iam:ListMFADevices", "MFADevices", patience=("NoSuchEntity",), UserName=user_name)
    return {str(item.get("SerialNumber", "")) for item in devices}


def by_operator(enrolment: MfaEnrolment) -> None:
    """Ask for two codes until AWS accepts them; only stopping the run ends it otherwise."""
    context = enrolment.api.context
    uri = otpauth_uri(enrolment.seed, user_name=enrolment.user_name, account_id=enrolment.account_id)
    sent: set[str] = set()
    refused = ""
    while True:
        answer = context.ask(MfaCodes(enrolment.serial, uri, enrolment.seed, refused))
        codes = _pair(answer)
        refused = _unusable(codes, sent)
        if not refused:
            sent.update(codes)
            refused = enrolment.enable(codes)
            if not refused:
                return


def by_tool(enrolment: MfaEnrolment) -> None:
    """Compute the codes; when they are refused, wait for two that were never handed in, a few times."""
    context = enrolment.api.context
    for tries_left in range(TRIES - 1, -1, -1):
        now = context.clock.now().timestamp()
        if not enrolment.enable(code_pair(enrolment.seed, now)):
            return
        if tries_left:
            context.note("AWS did not accept the codes: waiting for two new ones")
            context.wait(seconds_left(now) + PERIOD_S)
    raise Problem(
        "AWS did not accept the codes of the new MFA device.",
        why=f"{TRIES} pairs of codes were refused; the clock of this machine may be wrong.",
        next="Set the clock by NTP (timedatectl set-ntp true) and try again.",
        kind=Kind.REFUSED,
        code="InvalidAuthenticationCode",
    )


def _pair(answer: Any) -> tuple[str, str]:
    first, second = answer
    return str(first).replace(" ", ""), str(second).replace(" ", "")


def _unusable(codes: tuple[str, str], sent: set[str]) -> str:
    """Why these codes are not even handed in: AWS burns a code that it has seen."""
    try:
        for code in codes:
            rules.mfa_code(code)
    except ValueError:
        return "A code has exactly six digits. Type two codes that follow each other."
    if codes[0] == codes[1]:
        return "These are the same code twice. Wait until the app shows the next one, and type that second."
    if sent.intersection(codes):
        return "One of these codes was handed in before, and AWS takes each only once. Wait for two new ones."
    return ""

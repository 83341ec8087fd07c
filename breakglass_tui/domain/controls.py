"""The controls of security standards, each with the checks that answer it.

Control numbers are those of CIS AWS Foundations 3.0, 4.0.1, 5.0, 6.0 and 7.0, of AWS Foundational Security Best
Practices (Security Hub), of NIST SP 800-53 revision 5 and of PCI DSS 4.0.1. A number that a version dropped is left
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CIS_VERSIONS = ("3.0", "4.0", "5.0", "6.0", "7.0")
FSBP = "AWS FSBP"
NIST = "NIST 800-53 r5"
PCI = "PCI DSS 4.0"


class Precondition(StrEnum):
    """What a control requires of the request. Checks cannot show it, because they only compare AWS with the request.

    MFA requires an MFA device, and CONSOLE_MFA requires one if the user has a console password. NO_KEY requires that a
    user with a console password has no active access key. ONE_KEY requires at most one active access key.
    """

    MFA = "mfa"
    CONSOLE_MFA = "console-mfa"
    NO_KEY = "no-key"
    ONE_KEY = "one-key"


@dataclass(frozen=True)
class Control:
    """A control of a standard.

    ``checks`` are the ids of the checks that answer it. ``exception`` is why an emergency user may break it, or empty.
    ``inherent`` means that every emergency user breaks it, because the request asks for what the standard forbids.
    ``precondition`` is what the standard requires of the request, or None.
    """

    standard: str
    id: str
    title: str
    checks: tuple[str, ...]
    exception: str = ""
    inherent: bool = False
    precondition: Precondition | None = None


def _cis(
    numbers: str,
    title: str,
    *checks: str,
    exception: str = "",
    inherent: bool = False,
    precondition: Precondition | None = None,
) -> tuple[Control, ...]:
    """Return one control for each CIS version that has it.

    ``numbers`` has a control number for each of ``CIS_VERSIONS``, separated by spaces. A ``-`` means that the version
    does not have the control.
    """
    pairs = zip(CIS_VERSIONS, numbers.split(), strict=True)
    return tuple(
        Control(f"CIS AWS {version}", id, title, checks, exception, inherent, precondition)
        for version, id in pairs
        if id != "-"
    )


INLINE = "on purpose: this user has AdministratorAccess in its own policy and depends on no group and no other policy"
SEALED = "an emergency credential is not used before an emergency. A drill at least every 45 days meets this control"

# Left out, because one emergency user neither meets nor breaks them: Security Hub IAM.1, which evaluates only
# customer-managed policies, and CIS 4.2 (5.2), which requires an alarm for a sign-in of any user without MFA. Sources:
# Security Hub, "IAM controls", and CIS AWS Foundations, "Ensure management console sign-in without MFA is monitored".
CONTROLS: tuple[Control, ...] = (
    *_cis("1.8 1.8 1.7 2.7 2.8", "Passwords have at least 14 characters", "password-policy"),
    *_cis("1.9 1.9 1.8 2.8 2.9", "Passwords are not reused", "password-policy"),
    *_cis(
        "1.10 1.10 1.9 2.9 2.10",
        "MFA for every user with a console password",
        "mfa-devices",
        precondition=Precondition.CONSOLE_MFA,
    ),
    *_cis(
        "1.11 1.11 1.10 2.10 -",
        "No access key created together with a console user",
        "access",
        precondition=Precondition.NO_KEY,
    ),
    *_cis("1.12 1.12 1.11 2.11 2.11", "Credentials unused for 45 days are disabled", "last-use", exception=SEALED),
    *_cis("1.13 1.13 1.12 2.12 -", "One active access key", "access", precondition=Precondition.ONE_KEY),
    *_cis("1.14 1.14 1.13 2.13 2.12", "Access keys are rotated every 90 days", "key-age"),
    *_cis(
        "1.15 1.15 1.14 2.14 2.13", "Permissions only through groups", "inline-policy", exception=INLINE, inherent=True
    ),
    *_cis(
        "1.16 1.16 1.15 2.15 2.14", "No policy that allows everything", "inline-policy", exception=INLINE, inherent=True
    ),
    Control(FSBP, "IAM.2", "No policy on a user itself", ("inline-policy",), INLINE, inherent=True),
    Control(FSBP, "IAM.3", "Access keys are rotated every 90 days", ("key-age",)),
    Control(
        FSBP,
        "IAM.5",
        "MFA for every user with a console password",
        ("mfa-devices",),
        precondition=Precondition.CONSOLE_MFA,
    ),
    Control(FSBP, "IAM.7", "A strong password policy", ("password-policy",)),
    Control(FSBP, "IAM.8", "Unused credentials are removed", ("last-use",), SEALED),
    Control(FSBP, "CloudTrail.1", "A trail records every Region", ("trail",)),
    Control(NIST, "AC-2(4)", "Changes to accounts are audited", ("trail",)),
    Control(NIST, "AC-2(12)", "Unusual use of accounts is detected", ("sign-in-alert",)),
    Control(NIST, "AC-6(9)", "Use of privileged functions is recorded", ("trail",)),
    Control(NIST, "CP-2", "Emergency access is prepared in advance", ("user-exists", "access")),
    Control(
        NIST,
        "IA-2(1)",
        "MFA for privileged accounts",
        ("mfa-devices", "mfa-enforcement"),
        precondition=Precondition.MFA,
    ),
    Control(PCI, "7.2.2", "Access is granted by need and by role", ("inline-policy",), INLINE, inherent=True),
    Control(
        PCI, "8.2.2", "A shared account is an exception and every use of it is attributable", ("sign-in-alert", "trail")
    ),
    Control(PCI, "8.4.2", "MFA for all access", ("mfa-devices", "mfa-enforcement"), precondition=Precondition.MFA),
    Control(PCI, "8.6.3", "Passwords of accounts that are not used daily are protected against misuse", ("envelopes",)),
)


def controls_of(check: str) -> tuple[str, ...]:
    """Return the controls whose status depends on the check with the id ``check``, for example ``CIS AWS 5.0 1.9``."""
    return tuple(f"{control.standard} {control.id}" for control in CONTROLS if check in control.checks)

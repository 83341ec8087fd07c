"""What earlier validations on this machine proved about a user, and which MFA devices the operator accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PROOF_LASTS = timedelta(days=45)
"""How long a proof counts while the credential it used is unchanged.

Source: CIS AWS Foundations, credentials unused for 45 days are disabled.
"""
USE_RESOLUTION = timedelta(minutes=15)
"""The tolerance for the time in GetAccessKeyLastUsed. Source: IAM User Guide, "Find unused AWS credentials"."""


@dataclass(frozen=True)
class CheckProven:
    """A validation proved a check by using a credential, for example by a call with the access key.

    ``fingerprint`` identifies the credential. ``text`` is what the check found.
    """

    at: datetime
    check: str
    fingerprint: str
    text: str


@dataclass(frozen=True)
class CheckDisproven:
    """A validation used a credential, and AWS refused it. It holds until a later validation proves the check.

    ``fingerprint`` identifies the credential. ``text`` is what the check found.
    """

    at: datetime
    check: str
    fingerprint: str
    text: str


@dataclass(frozen=True)
class DeviceAccepted:
    """The operator accepted an MFA device that no run on this machine enrolled. ``user_id`` is the user's unique id.

    ``by`` is the ARN of the operator. It is empty in a journal of an earlier release.
    """

    at: datetime
    user_id: str
    serial: str
    by: str = ""


@dataclass(frozen=True)
class ValidationFinished:
    """A validation ended. ``run`` is the run id in its report, ``verdict`` the value of its ``Verdict``.

    ``statuses`` has the status of each check by check id. ``envelopes`` has the SHA-256 of each envelope in hexadecimal
    by file name.
    """

    at: datetime
    run: str
    verdict: str
    statuses: Mapping[str, str]
    envelopes: Mapping[str, str]


UserEvent = CheckProven | CheckDisproven | DeviceAccepted | ValidationFinished


@dataclass(slots=True)
class UserHistory:
    """The events of one user's journal, combined. Only ``apply`` changes it.

    ``proofs`` has the last proof for each check and fingerprint, and ``disproofs`` what the last use disproved.
    ``accepted`` has the accepted MFA devices for each unique user id and serial number. ``validations`` has the
    validations for each run id, the oldest first.
    """

    proofs: dict[tuple[str, str], CheckProven] = field(default_factory=dict)
    disproofs: dict[tuple[str, str], CheckDisproven] = field(default_factory=dict)
    accepted: dict[str, dict[str, DeviceAccepted]] = field(default_factory=dict)
    validations: dict[str, list[ValidationFinished]] = field(default_factory=dict)

    def apply(self, event: UserEvent) -> None:
        """Add ``event`` to the history."""
        match event:
            case CheckProven():
                self.proofs[(event.check, event.fingerprint)] = event
                self.disproofs.pop((event.check, event.fingerprint), None)
            case CheckDisproven():
                self.disproofs[(event.check, event.fingerprint)] = event
            case DeviceAccepted(user_id=user_id, serial=serial):
                self.accepted.setdefault(user_id, {})[serial] = event
            case ValidationFinished(run=run):
                self.validations.setdefault(run, []).append(event)

    def proof(self, check: str, fingerprint: str, now: datetime) -> CheckProven | None:
        """Return the last proof of ``check`` with this fingerprint.

        Return None if there is none, if it is older than ``PROOF_LASTS`` at ``now``, or if a later use disproved it.
        """
        if (check, fingerprint) in self.disproofs:
            return None
        proof = self.proofs.get((check, fingerprint))
        return proof if proof is not None and timedelta() <= now - proof.at <= PROOF_LASTS else None

    def disproof(self, check: str, fingerprint: str) -> CheckDisproven | None:
        """Return what the last use disproved of ``check`` with this fingerprint, or None."""
        return self.disproofs.get((check, fingerprint))

    def has_evidence(self, check: str) -> bool:
        """Return whether a validation on this machine ever proved or disproved ``check`` for this user."""
        return any(name == check for name, _ in (*self.proofs, *self.disproofs))

    def accepts(self, user_id: str, serial: str) -> bool:
        """Return whether the operator accepted the MFA device ``serial`` for the user with this unique id."""
        return serial in self.accepted.get(user_id, ())

    def accepted_devices(self, user_id: str) -> tuple[DeviceAccepted, ...]:
        """Return the accepted MFA devices of the user with this unique id, each with its last acceptance."""
        return tuple(self.accepted.get(user_id, {}).values())

    def used_by_validation(self, fingerprint: str, last_used: datetime) -> bool:
        """Return whether a validation on this machine can have used the credential at ``last_used``.

        ``fingerprint`` identifies the credential.
        """
        times = [proof.at for proof in self.proofs.values() if proof.fingerprint == fingerprint]
        return any(abs(last_used - at) <= USE_RESOLUTION for at in times) and last_used <= max(times) + USE_RESOLUTION

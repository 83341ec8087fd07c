"""What this machine has proven about a user by use, and which MFA devices its operator accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

PROOF_LASTS = timedelta(days=45)
"""How long a proof counts if nothing that it depends on has changed (CIS AWS Foundations: 45 days without use)."""
USE_RESOLUTION = timedelta(minutes=15)
"""GetAccessKeyLastUsed can be this late (IAM User Guide, "Find unused AWS credentials")."""


@dataclass(frozen=True, slots=True)
class CheckProven:
    """A validation proved a check by use. ``fingerprint`` identifies what it used, ``text`` is what it found."""

    at: datetime
    check: str
    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class DeviceAccepted:
    """The operator accepted an MFA device that no run on this machine enrolled. ``user_id`` is the user's unique id."""

    at: datetime
    user_id: str
    serial: str


UserEvent = CheckProven | DeviceAccepted


@dataclass(slots=True)
class UserHistory:
    """The events of one user's journal, folded. Only ``apply`` changes it."""

    proofs: dict[tuple[str, str], CheckProven] = field(default_factory=dict)
    accepted: dict[str, set[str]] = field(default_factory=dict)

    def apply(self, event: UserEvent) -> None:
        """Add one event."""
        match event:
            case CheckProven():
                self.proofs[(event.check, event.fingerprint)] = event
            case DeviceAccepted(user_id=user_id, serial=serial):
                self.accepted.setdefault(user_id, set()).add(serial)

    def proof(self, check: str, fingerprint: str, now: datetime) -> CheckProven | None:
        """Return the proof of ``check`` for this fingerprint, if it is not older than ``PROOF_LASTS``."""
        proof = self.proofs.get((check, fingerprint))
        return proof if proof is not None and timedelta() <= now - proof.at <= PROOF_LASTS else None

    def has_proof(self, check: str) -> bool:
        """Return whether the check was ever proven here."""
        return any(name == check for name, _ in self.proofs)

    def accepts(self, user_id: str, serial: str) -> bool:
        """Return whether the operator accepted this device for this user."""
        return serial in self.accepted.get(user_id, ())

    def used_by_validation(self, fingerprint: str, last_used: datetime) -> bool:
        """Return whether ``last_used`` can be the use by a validation: that is not a drill."""
        times = [proof.at for proof in self.proofs.values() if proof.fingerprint == fingerprint]
        return any(abs(last_used - at) <= USE_RESOLUTION for at in times) and last_used <= max(times) + USE_RESOLUTION

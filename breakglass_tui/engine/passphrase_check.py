"""Checks for the passphrase of a resumed run. It is not stored, and must be the one that sealed the run's envelopes."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN, open_with_passphrase
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, SUFFIX
from breakglass_tui.secrets.sealed_file import read_sealed
from breakglass_tui.secrets.secret import Secret

SECRETS = ("mfa-device", "login-profile", "access-key")
"""The ids of the steps that create a secret."""


def needs_passphrase(record: RunRecord) -> bool:
    """Return whether the resumed run has to seal a secret with the passphrase.

    In a simulated account, every step runs again, so a finished step counts too.
    """
    header = record.header
    if header is None or record.undoing or not header.request.get("seal_passphrase"):
        return False
    # A seed that has custodians of its own is not sealed with the passphrase.
    sealed = [id for id in SECRETS if id != "mfa-device" or not header.request.get("seal_mfa_to")]
    return any(id in record.steps and (header.demo or not record.steps[id].is_done) for id in sealed)


def existing_envelope(record: RunRecord) -> Path | None:
    """Return the path of an envelope that the run sealed with its passphrase and that still exists.

    None if there is none.
    """
    done = {envelope.path for envelope in record.envelopes if PASSPHRASE in envelope.seals}
    may_exist = {path for path in record.recovery.envelopes if path.endswith(f".{SUFFIX}")}
    return next((path for path in map(Path, sorted(done | may_exist)) if path.is_file()), None)


def require_same_passphrase(path: Path, passphrase: Secret) -> None:
    """Raise ``Problem`` unless ``passphrase`` opens the run's envelope at ``path``.

    Takes seconds, because scrypt is slow.

    A run must not have two passphrases, because each would open only some of its envelopes.
    """
    try:
        open_with_passphrase(read_sealed(path), passphrase).wipe()
    except Problem as problem:
        if problem.code != DOES_NOT_OPEN:
            raise
        raise Problem(
            "This passphrase is not the one that sealed the run's envelopes.",
            why=f"It does not open {show(str(path), 200)}.",
            next="Enter the run's passphrase. If it is lost, undo the run and start again.",
            kind=Kind.USAGE,
            code=DOES_NOT_OPEN,
        ) from None

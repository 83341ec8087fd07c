"""The passphrase of a run that goes on: nobody has written it down, and it must be the one from before."""

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
"""The steps that make a secret."""


def needs_passphrase(record: RunRecord) -> bool:
    """Whether going on would seal with the passphrase; in a simulated account, a new one, every step is done anew."""
    header = record.header
    if header is None or record.undoing or not header.request.get("seal_passphrase"):
        return False
    # The seed of other custodians is not sealed with it.
    sealed = [id for id in SECRETS if id != "mfa-device" or not header.request.get("seal_mfa_to")]
    return any(id in record.steps and (header.demo or not record.steps[id].is_done) for id in sealed)


def existing_envelope(record: RunRecord) -> Path | None:
    """An envelope of the run that is there and that its passphrase closes."""
    done = {envelope.path for envelope in record.envelopes if PASSPHRASE in envelope.seals}
    may_exist = {path for path in record.recovery.envelopes if path.endswith(f".{SUFFIX}")}
    return next((path for path in map(Path, sorted(done | may_exist)) if path.is_file()), None)


def require_same_passphrase(path: Path, passphrase: Secret) -> None:
    """One run never has two passphrases: whoever keeps one of them would open half of it. Takes seconds.

    Raises ``Problem``.
    """
    try:
        open_with_passphrase(read_sealed(path), passphrase).wipe()
    except Problem as problem:
        if problem.code != DOES_NOT_OPEN:
            raise
        raise Problem(
            "This is not the passphrase that the run has sealed with so far.",
            why=f"It does not open {show(str(path), 200)}.",
            next="Give that one. If nobody has it any more, remove what the run made, and begin anew.",
            kind=Kind.USAGE,
            code=DOES_NOT_OPEN,
        ) from None

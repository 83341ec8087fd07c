"""What the operator gives to open an envelope: identities, a passphrase, or AWS credentials for KMS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.cli.command_words import IDENTITY_FILE
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.envelope_reader import (
    OpenedEnvelope,
    open_with_identities,
    open_with_passphrase,
    parse_envelope,
    require_undamaged,
)
from breakglass_tui.secrets.identities import read_identities
from breakglass_tui.secrets.sealed_file import SealedFile
from breakglass_tui.secrets.secret import Secret

REMEDIES = {"age": "Add --identity FILE.", "passphrase": "Add --passphrase-fd 3 3< FILE."}
"""What to add to the command line to open an envelope, by the kind of the envelope."""


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """The identity files and the passphrase that the operator gave."""

    identities: tuple[Path, ...] = ()
    passphrase: Secret | None = None

    def wipe(self) -> None:
        """Wipe the passphrase from memory."""
        if self.passphrase is not None:
            self.passphrase.wipe()


def missing_option(sealed: SealedFile, given: OpenOptions) -> Problem | None:
    """Return the problem that ``given`` has nothing to open ``sealed`` with, or None."""
    if sealed.kind == "age" and not given.identities:
        return usage(
            "This envelope is encrypted to age recipients, and no identity was given.",
            why="The private key of a recipient opens it. If several recipients must act together, give one key each.",
            next="Add an identity",
            repeat=("--identity", IDENTITY_FILE),
        )
    if sealed.kind == "passphrase" and given.passphrase is None:
        return usage(
            "This envelope is encrypted with a passphrase, and there is no terminal to ask for it.",
            why="A file or a pipe can give the passphrase instead.",
            next="Add the passphrase",
            repeat=("--passphrase-fd", "3"),
        )
    return None


def open_sealed(options: Options, sealed: SealedFile, given: OpenOptions) -> OpenedEnvelope:
    """Open ``sealed`` with ``given`` and return its content. Only a KMS envelope needs AWS. Raises ``Problem``."""
    require_undamaged(sealed)
    problem = missing_option(sealed, given)
    if problem is not None:
        raise problem
    if sealed.kms is not None:
        with Connector(options) as connect:
            return parse_envelope(connect().unseal(sealed.kms))
    if sealed.kind == "passphrase" and given.passphrase is not None:
        to_stderr("Deriving the key. This takes some seconds…")
        return open_with_passphrase(sealed, given.passphrase)
    return open_with_identities(sealed, read_identities(given.identities))

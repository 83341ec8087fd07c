"""What an envelope is opened with on the command line: identities, a passphrase, or KMS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.streams import people
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


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """What the operator gave to open with."""

    identities: tuple[Path, ...] = ()
    passphrase: Secret | None = None

    def wipe(self) -> None:
        """Drop the passphrase."""
        if self.passphrase is not None:
            self.passphrase.wipe()


def lacking(sealed: SealedFile, means: OpenOptions) -> Problem | None:
    """What has to be given to open ``sealed``, if it was not."""
    if sealed.kind == "age" and not means.identities:
        return usage(
            "This envelope is sealed to age recipients, and no identity was given.",
            why="It opens with the private key of a custodian.",
            next="Give it with --identity FILE; one for each custodian, if it takes several together.",
        )
    if sealed.kind == "passphrase" and means.passphrase is None:
        return usage(
            "This envelope is sealed with a passphrase, and there is no terminal to ask for it.",
            next="Hand it over in a file or pipe: --passphrase-fd 3 3< FILE",
        )
    return None


def unsealed(options: Options, sealed: SealedFile, means: OpenOptions) -> OpenedEnvelope:
    """What is in ``sealed``; only KMS needs AWS. Raises ``Problem``."""
    require_undamaged(sealed)
    problem = lacking(sealed, means)
    if problem is not None:
        raise problem
    if sealed.kms is not None:
        with Connector(options) as connect:
            return parse_envelope(connect().unseal(sealed.kms))
    if sealed.kind == "passphrase" and means.passphrase is not None:
        people("Deriving the key; this takes some seconds …")
        return open_with_passphrase(sealed, means.passphrase)
    return open_with_identities(sealed, read_identities(means.identities))

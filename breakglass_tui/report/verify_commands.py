"""The section of the report that says how to verify it: with this program, and with other programs alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from breakglass_tui.domain.remedy_parts import RemedyPart
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.public_key_signature import CURVES, RSA, public_key_command
from breakglass_tui.report.recorded_envelopes import NAME
from breakglass_tui.report.signatures import KMS_SIGNATURE, SSH_SIGNATURE
from breakglass_tui.report.ssh_signature import ssh_command

TITLE = "Verify this report"
NOTE = (
    "Run these commands in the directory of the report. The hashes find a change by accident. Only a signature of a "
    "key that you trust finds a forgery. Get the key in another way than the report."
)
ALLOWED_SIGNERS, SIGNER, PUBLIC_KEY = "ALLOWED_SIGNERS", "SIGNER", "PUBLIC_KEY"
"""Placeholders in the commands: a file (see ssh-keygen(1)), a principal in it, and a file with a public key (PEM)."""


def verify_commands(run: Mapping[str, Any]) -> Iterator[RemedyPart]:
    """Yield the commands that verify the report of ``run``, each with its purpose.

    The signature is made after the report, so the report cannot know whether there is one. The demo never signs.
    """
    yield RemedyPart("With breakglass-tui, which compares everything:", f"breakglass-tui verify {NAME}")
    yield RemedyPart("The hashes, without breakglass-tui:", f"sha256sum --check {SUMS}")
    if run["demo"]:
        return
    sums, ssh, kms = Path(SUMS), Path(SSH_SIGNATURE), Path(KMS_SIGNATURE)
    yield RemedyPart(
        f"The signature of an SSH key, if there is {ssh}:", ssh_command(ssh, sums, ALLOWED_SIGNERS, SIGNER)
    )
    yield RemedyPart(
        f"The signature of an RSA key of KMS, if there is {kms}:", public_key_command(RSA, PUBLIC_KEY, kms, sums)
    )
    yield RemedyPart(
        "The signature of an ECC key of KMS. The option is -sha384 for P-384, and -sha512 for P-521:",
        public_key_command(CURVES["prime256v1"], PUBLIC_KEY, kms, sums),
    )

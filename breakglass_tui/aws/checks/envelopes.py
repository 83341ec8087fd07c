"""The check ``envelopes``: every sealed file of the run is there as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.envelope_files import intact

WHY = "The envelope holds the only copy of a secret that AWS shows once; a missing one is found here, not at night."
RESTORE = "Bring it back from a copy, or set up a new emergency user; prove any copy with: breakglass-tui verify"
PROVEN = ("kms", "passphrase")
"""What these seals close is opened again before the run goes on; nobody here holds the key of an age recipient."""


@dataclass(frozen=True)
class EnvelopesCheck(UserCheck):
    """The files on this machine's disk against their SHA-256; no call to AWS."""

    id = "envelopes"
    title = "Envelopes"

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - asks AWS nothing
        """Read each file and compare."""
        findings, envelopes = Findings(), self.subject.envelopes
        for envelope in envelopes:
            path = show(envelope.path)
            if intact(envelope):
                findings.good(f"{show(Path(envelope.path).name)} as it was written, {_proof(envelope)}")
            else:
                findings.fail(f"{path} is missing or is not what was written", f"{RESTORE} {path}")
        what = "1 envelope" if len(envelopes) == 1 else f"{len(envelopes)} envelopes"
        return findings.result(self, expected=f"{what}, each with the SHA-256 of the run", why=WHY)


def _proof(envelope: EnvelopeInfo) -> str:
    if all(seal in PROVEN for seal in envelope.seals):
        return "proven to open when it was sealed"
    return "to be proven by its custodians: breakglass-tui verify"

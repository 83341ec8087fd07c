"""The check ``envelopes``: every envelope of the run exists and is unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.remedy_commands import program_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.envelope_files import intact

WHY = (
    "An envelope holds the only copy of a secret that AWS shows once. "
    "This check finds a missing envelope before the emergency does."
)
RESTORE = "Restore it from a copy, or create a new emergency user. To verify the copy:"
TESTED = ("kms", "passphrase")
"""The seals whose envelopes the run decrypts once as a test.

It cannot do that for age, without a recipient's private key.
"""


@dataclass(frozen=True)
class EnvelopesCheck(UserCheck):
    """The check that compares each envelope file on this machine with its recorded SHA-256. Makes no AWS call."""

    id = "envelopes"
    title = "Envelopes"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - asks AWS nothing
        """Read each envelope file and compare its SHA-256 with the recorded one."""
        findings, envelopes = Findings(), self.subject.envelopes
        unchanged: dict[str, list[str]] = {}
        for envelope in envelopes:
            if intact(envelope):
                unchanged.setdefault(_tested(envelope), []).append(show(Path(envelope.path).name))
            else:
                text = f"{show(envelope.path)} is missing or was changed"
                findings.fail(text, f"{RESTORE} {program_command(self.clients, 'verify', envelope.path)}")
        for tested, names in unchanged.items():
            findings.good(f"unchanged, and {tested}: {', '.join(names)}")
        what = "1 envelope" if len(envelopes) == 1 else f"{len(envelopes)} envelopes"
        return findings.result(self, expected=f"{what}, each with the SHA-256 that the run recorded", why=WHY)


def _tested(envelope: EnvelopeInfo) -> str:
    if all(seal in TESTED for seal in envelope.seals):
        return "decrypted once by the run as a test"
    return "to be tested by the custodians with breakglass-tui verify"

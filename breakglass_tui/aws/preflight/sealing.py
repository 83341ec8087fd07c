"""The preflight checks ``seal-works`` and ``output-writable``: the run can seal a secret and store the envelope."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.kms_seal import MFA_SEED, seals_for
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.aws.steps.login_profile import PASSWORD
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.report.output_risks import copy_risks
from breakglass_tui.secrets.envelope_files import Seal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

WHY = "AWS shows a secret only once. If it cannot be sealed at that moment, it is lost or stays unencrypted."
WHY_NOT_REPLACED = "An envelope can have the only copy of a secret, so a run never replaces an envelope of another run."
CANARY = "canary"
"""The name of the contents of a test envelope, in place of for example ``password``."""
SEALED = {
    "age": "encrypted with age",
    "kms": "encrypted and decrypted with KMS",
    PASSPHRASE: "encrypted and decrypted with the passphrase",
}


def needs_seal(request: SetupRequest) -> bool:
    """Return whether the run will write an envelope."""
    return request.has_seal or bool(request.seal_mfa_to)


@dataclass(frozen=True)
class SealPreflight:
    """The check that each seal of the request encrypts a test text. KMS must decrypt it too.

    A plan can be shown before the passphrase is known. The passphrase seal is then reported as not tested.
    """

    clients: Clients
    setup: Setup
    id = "seal-works"
    title = "Seals"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The permissions that this check needs, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).key("kms:Encrypt", "kms:Decrypt"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Encrypt a test text with each seal that the run will use."""
        findings, request = Findings(), self.setup.request
        api = Api(self.clients, context, region=request.region)
        no_passphrase = request.seal_passphrase and self.setup.vault.get(PASSPHRASE) is None
        try:
            for seal in self._seals(api, without_passphrase=no_passphrase):
                self._try(seal, findings)
        except Problem as problem:
            findings.fail(f"{problem.what} {problem.why}".strip(), problem.next)
        if no_passphrase:
            findings.warn("not tested with the passphrase, which is not known yet", "Enter the passphrase when asked.")
        return findings.result(self, expected="every seal of the request encrypts a test text", why=WHY)

    def _seals(self, api: Api, *, without_passphrase: bool) -> Iterable[Seal]:
        setup = self.setup
        if without_passphrase:
            setup = replace(setup, request=setup.request.model_copy(update={"seal_passphrase": False}))
        yield from seals_for(setup, api, PASSWORD)
        if setup.request.seal_mfa_to:
            yield from seals_for(setup, api, MFA_SEED)

    def _try(self, seal: Seal, findings: Findings) -> None:
        setup = self.setup
        encryption_context = {
            "app": "breakglass-tui",
            "account": setup.account.caller.account_id,
            "user": setup.request.user_name,
            "contents": CANARY,
            "run": setup.run_id,
        }
        seal.encrypt(json.dumps(encryption_context).encode(), encryption_context)
        findings.good(SEALED[seal.kind] + (f" ({seal.needs} custodians must act together)" if seal.needs > 1 else ""))


@dataclass(frozen=True)
class OutputPreflight:
    """The check that a file can be written to the directory of the envelopes. Makes no AWS call."""

    setup: Setup
    id = "output-writable"
    title = "Output directory"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Create the directory and write a test file to it. Report envelopes of other runs that are in the way."""
        findings, why, directory = Findings(), WHY, show(str(self.setup.envelopes.directory))
        try:
            self.setup.envelopes.require_writable(resumed=self.setup.resumed)
        except Problem as problem:
            findings.fail(f"{problem.what} {problem.why}".strip(), problem.next)
        else:
            existing = self._existing()
            if existing:
                why = WHY_NOT_REPLACED
                next = "Choose another directory with --out, or move these files to another directory."
                findings.fail(f"{directory} has envelopes of another run: {', '.join(existing)}", next)
            else:
                findings.good(f"{directory} is writable, and only you can read its files")
                for risk in copy_risks(self.setup.envelopes.directory):
                    findings.warn(risk.text, risk.remedy)
        return findings.result(self, expected=f"files can be written to {directory}", why=why)

    def _existing(self) -> list[str]:
        """Return the names of the files that a new run would have to replace."""
        envelopes, name = self.setup.envelopes, self.setup.request.user_name
        if self.setup.resumed:
            return []
        contents = (PASSWORD, ACCESS_KEY, MFA_SEED)
        return [show(path.name) for each in contents for path in envelopes.existing(each, user_name=name)]

"""The looks ``seal-works`` and ``output-writable``: a secret that AWS shows once will not be lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.kms_seal import MFA_SEED, seals_for
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.aws.steps.login_profile import PASSWORD
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.envelope_files import Seal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

WHY = "AWS shows a secret once; what cannot be sealed then is lost, or lies about in the clear."
CANARY = "canary"
SEALED = {
    "age": "sealed with age",
    "kms": "sealed and opened again with KMS",
    PASSPHRASE: "sealed and opened again with the passphrase",
}


def seals_anything(request: SetupRequest) -> bool:
    """Whether some secret of the run ends in a file."""
    return request.has_seal or bool(request.seal_mfa_to)


@dataclass(frozen=True)
class SealPreflight:
    """Every seal closes a canary; KMS must open it again (Encrypt, Decrypt).

    A plan can be made before anybody has typed the passphrase: that seal is then told as not tried.
    """

    clients: Clients
    setup: Setup
    id = "seal-works"
    title = "Seals work"

    def inspect(self, context: StepContext) -> CheckResult:
        """Seal something worthless with each seal that the run will use."""
        findings, request = Findings(), self.setup.request
        api = Api(self.clients, context, region=request.region)
        untold = request.seal_passphrase and self.setup.vault.get(PASSPHRASE) is None
        try:
            for seal in self._seals(api, without_passphrase=untold):
                self._try(seal, findings)
        except Problem as problem:
            findings.fail(f"{problem.what} {problem.why}".strip(), problem.next)
        if untold:
            findings.warn(
                "not tried with the passphrase, which is not known yet", "Hand it over, or type it when asked."
            )
        return findings.result(self, expected="a canary is sealed by every seal of the request", why=WHY)

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
        seal.close(json.dumps(encryption_context).encode(), encryption_context)
        findings.good(SEALED[seal.kind] + (f" to {seal.needs} custodians together" if seal.needs > 1 else ""))


@dataclass(frozen=True)
class OutputPreflight:
    """The directory of the envelopes takes a file; no call to AWS."""

    setup: Setup
    id = "output-writable"
    title = "Envelopes can be written"

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Make the directory and write a probe into it."""
        findings, directory = Findings(), show(str(self.setup.envelopes.directory))
        try:
            self.setup.envelopes.prepare()
        except Problem as problem:
            findings.fail(f"{problem.what} {problem.why}".strip(), problem.next)
        else:
            findings.good(f"{directory} takes files that only you can read")
            if not self.setup.resumed:
                self._look_for_others(findings)
        return findings.result(self, expected=f"files can be written to {directory}", why=WHY)

    def _look_for_others(self, findings: Findings) -> None:
        envelopes, name = self.setup.envelopes, self.setup.request.user_name
        for contents in (PASSWORD, ACCESS_KEY, MFA_SEED):
            for path in envelopes.present(contents, user_name=name):
                next = "Choose another directory with --out, or move that file away."
                findings.fail(f"an envelope of another run is there: {show(str(path))}", next)

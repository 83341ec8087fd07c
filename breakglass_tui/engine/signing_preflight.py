"""The preflight check ``evidence-signing``: the evidence of the run can be signed."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.step_context import StepContext

EXPECTED = "the key of the configuration signs a test text"
WHY = "Without a signature, evidence that was changed later looks like the original."


@dataclass(frozen=True)
class SigningPreflight:
    """Checks that ``signer`` can sign, so that the evidence of a finished run is not unsigned."""

    signer: EvidenceSigner
    id = "evidence-signing"
    title = "Signature of the evidence"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources: none. Those of a KMS key are among those of the operator."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Sign a test text. A key that needs the operator for that is not tested, which is a warning."""
        try:
            tested = self.signer.test()
        except Problem as problem:
            found = f"{problem.what} {problem.why}".strip()
            return CheckResult(self.id, self.title, CheckStatus.FAIL, EXPECTED, found, WHY, problem.next)
        status = CheckStatus.PASS if tested.done else CheckStatus.WARN
        return CheckResult(self.id, self.title, status, EXPECTED, tested.text, WHY, tested.remedy)

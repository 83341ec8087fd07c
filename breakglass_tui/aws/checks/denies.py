"""The check ``denies``: nothing denies the user what an emergency takes."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import settled
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.policy_simulation import SimulationResult, how, simulate
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

EMERGENCY = (
    "iam:CreateAccessKey",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
    "sts:AssumeRole",
    "cloudtrail:LookupEvents",
    "ec2:StopInstances",
    "kms:PutKeyPolicy",
    "lambda:InvokeFunction",
    "rds:RebootDBInstance",
    "route53:ChangeResourceRecordSets",
    "s3:PutBucketPolicy",
)
"""What people have had to do in an outage or after a break-in; a sample, as nobody can simulate every action."""
WHY = "One deny beats every allow, wherever it stands: in a group, a boundary or a policy of the organization."
REMEDY = "Have the statement that denies taken out, or excepted for this user; for a missing right mend the policy."


@dataclass(frozen=True)
class DeniesCheck(UserCheck):
    """SimulatePrincipalPolicy in the situation the user will be in; the guardrail against missing MFA is not meant."""

    id = "denies"
    title = "No deny in the way"

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate a sample of actions on all resources."""
        api, findings = Api(self.clients, context), Findings()
        arn = str(self.shared().user.get(api)["Arn"])
        for mfa in self._situations(api):
            self._judge(api, arn, mfa, findings)
        expected = f"none of {len(EMERGENCY)} sampled actions denied"
        if self.subject.request is not None:
            expected = f"all of {len(EMERGENCY)} sampled actions allowed"
        return findings.result(self, expected=expected, why=WHY)

    def _situations(self, api: Api) -> tuple[str, ...]:
        """With a device the user can come with MFA; without one as the console or its key lets it."""
        if self.shared().devices.get(api):
            return ("true",)
        request = self.subject.request
        return tuple(
            mfa
            for mfa, possible in (
                ("false", request is None or request.console),
                ("", request is None or request.programmatic),
            )
            if possible
        )

    def _judge(self, api: Api, arn: str, mfa: str, findings: Findings) -> None:
        answers: list[tuple[SimulationResult, ...]] = []

        def free() -> bool:
            answers.append(simulate(api, self.subject, arn, EMERGENCY, mfa))
            return all(item.allowed for item in answers[-1])

        settled(api.context, self.subject, free)
        denied = [item for item in answers[-1] if item.denied]
        missing = [item for item in answers[-1] if not item.denied and not item.allowed]
        if denied:
            # A user of somebody else's may be meant to be held back in some things, but not in everything.
            hard = self.subject.request is not None or len(denied) == len(answers[-1])
            (findings.fail if hard else findings.warn)(f"{how(mfa)} denied: {_told(denied)}", REMEDY)
        if missing and self.subject.request is not None:
            findings.fail(f"{how(mfa)} not allowed: {_told(missing)}", REMEDY)
        elif missing:
            findings.good(f"{how(mfa)} {len(missing)} of {len(answers[-1])} are not granted, which may be meant")
        if not denied and not missing:
            findings.good(f"{how(mfa)} all {len(answers[-1])} are allowed")


def _told(items: list[SimulationResult]) -> str:
    return ", ".join(show(item.action) + (f" by {item.cause}" if item.cause else "") for item in items)

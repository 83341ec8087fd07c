"""The check ``denies``: no policy denies the user the actions that an emergency needs."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import wait_until_present
from breakglass_tui.aws.checks.policy_simulation import SimulationResult, simulate, situation
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
"""Actions that people needed in an outage or after a break-in. A sample: there are too many actions for all of them."""
WHY = (
    "One explicit deny overrides every allow. It can be in a policy of the user, of a group or of the organization, "
    "or in a permissions boundary."
)
REMOVE_DENY = "Remove the statement that denies, or exempt this user from it."
ALLOW = "Allow the missing actions in the policies of the user."


@dataclass(frozen=True)
class DeniesCheck(UserCheck):
    """SimulatePrincipalPolicy with the MFA state that the user will have, so that the MFA guardrail does not count."""

    id = "denies"
    title = "No explicit deny"

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate a sample of actions on all resources."""
        api, findings = Api(self.clients, context), Findings()
        arn = str(self.shared().user.get(api)["Arn"])
        for mfa in self._situations(api):
            self._evaluate(api, arn, mfa, findings)
        expected = f"none of {len(EMERGENCY)} sampled actions denied"
        if self.subject.request is not None:
            expected = f"all of {len(EMERGENCY)} sampled actions allowed"
        return findings.result(self, expected=expected, why=WHY)

    def _situations(self, api: Api) -> tuple[str, ...]:
        """Return ``true`` for a user with a device, else the states of a console sign-in and of an access key."""
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

    def _evaluate(self, api: Api, arn: str, mfa: str, findings: Findings) -> None:
        answers: list[tuple[SimulationResult, ...]] = []

        def all_allowed() -> bool:
            answers.append(simulate(api, self.subject, arn, EMERGENCY, mfa))
            return all(item.allowed for item in answers[-1])

        wait_until_present(api.context, self.subject, all_allowed)
        denied = [item for item in answers[-1] if item.denied]
        missing = [item for item in answers[-1] if not item.denied and not item.allowed]
        total, when = len(answers[-1]), situation(mfa)
        if denied:
            # An unmanaged user may be restricted on purpose, but not in everything.
            hard = self.subject.request is not None or len(denied) == total
            (findings.fail if hard else findings.warn)(f"denied {when}: {_list(denied)}", REMOVE_DENY)
        if missing and self.subject.request is not None:
            findings.fail(f"not allowed {when}: {_list(missing)}", ALLOW)
        elif missing:
            findings.good(f"{len(missing)} of {total} sampled actions not granted {when}, possibly on purpose")
        if not denied and not missing:
            findings.good(f"all {total} sampled actions allowed {when}")


def _list(items: list[SimulationResult]) -> str:
    return ", ".join(show(item.action) + (f" by {item.cause}" if item.cause else "") for item in items)

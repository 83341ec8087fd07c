"""The check ``denies``: no policy denies the user the actions that an emergency needs."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.earlier_use import add_disproof
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of, wait_until_present
from breakglass_tui.aws.checks.own_session import OwnSession, UseResult, use
from breakglass_tui.aws.checks.policy_simulation import SimulationResult, simulate, situation
from breakglass_tui.aws.checks.remedy_commands import validate_with_envelope
from breakglass_tui.aws.checks.user_policies import POLICY_READS
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.error_classes import DENIED
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
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
"""Actions that operators needed in outages and after break-ins.

It is a sample, as AWS has too many actions to test all.
"""
WHY = (
    "One explicit deny overrides every allow. It can be in a policy of the user, of a group or of the organization, "
    "or in a permissions boundary."
)
SIMULATION_INTERVAL_S = 5.0
"""Seconds between two simulations of a new user.

IAM limits the rate of SimulatePrincipalPolicy and publishes no number.
"""
REMOVE_DENY = "Remove the statement that denies, or exempt this user from it."
ALLOW = "Allow the missing actions in the policies of the user."


@dataclass(frozen=True)
class DeniesCheck(UserCheck):
    """The check that no policy denies the user what an emergency needs (SimulatePrincipalPolicy).

    The simulation has the MFA state that the user will have, so that the deny without MFA does not count.
    """

    id = "denies"
    title = "Effective permissions"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user(*POLICY_READS, "iam:ListMFADevices", "iam:SimulatePrincipalPolicy"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Make real calls as the user if this process has its credentials. Then simulate the sampled actions."""
        api, findings = Api(self.clients, context), Findings()
        arn = str(self.shared().user.get(api)["Arn"])
        session = self.shared().own.get(api)
        with read_meanwhile(api, lambda branch: self._meanwhile(branch, arn, session)) as reading:
            used = self._use(api, session, findings)
        first = reading.result()
        try:
            for mfa in first or self._situations(api):
                self._evaluate(api, arn, mfa, findings, used=used, first=first.get(mfa, ()))
        except Problem as problem:
            if not used:
                raise
            findings.warn(f"the policy simulator could not be asked: {show(problem.what)}", problem.next)
        expected = f"no explicit deny of {len(EMERGENCY)} sampled actions"
        if self.subject.request is not None:
            expected = f"all of {len(EMERGENCY)} sampled actions allowed"
        return findings.result(self, expected=expected, why=WHY)

    def _meanwhile(self, api: Api, arn: str, session: OwnSession) -> dict[str, tuple[SimulationResult, ...]]:
        """Return the simulation of each situation, while calls with the user's own credentials are made.

        The result is empty without such calls. It is empty too after a ``Problem``: the simulation that follows raises
        it again if it is still there.
        """
        if session.clients is None:
            return {}
        try:
            return {mfa: self._simulate(api, arn, mfa) for mfa in self._situations(api)}
        except Problem:
            return {}

    def _use(self, api: Api, session: OwnSession, findings: Findings) -> bool:
        """Call AWS as the user, add the finding, and return whether AWS allowed the calls.

        If this process does not have the user's credentials, an earlier validation on this machine counts.
        """
        subject = self.subject
        if session.clients is None and not subject.history.has_evidence(self.id):
            return False
        if session.clients is not None:
            region = subject.request.region if subject.request else subject.account.region
            with read_meanwhile(api, self._fingerprint) as reading:
                result = _attempt(api, session, subject, region)
            fingerprint = reading.result()
            if isinstance(result, Problem):
                findings.warn(f"the user's own session could not be tested: {show(result.what)}", result.next)
                return False
            if result.refused:
                findings.disproven(result.refused, REMOVE_DENY, fingerprint)
            else:
                findings.proven(f"the user {result.done}", fingerprint)
            return not result.refused
        fingerprint = self._fingerprint(api)
        if add_disproof(self.clients, subject, self.id, fingerprint, findings):
            return False
        proof = subject.history.proof(self.id, fingerprint, api.context.clock.now())
        if proof is not None:
            findings.good(f"the user acted with its own credentials on {date_text(proof.at)}")
        return proof is not None

    def _fingerprint(self, api: Api) -> str:
        return f"{self.subject.access_key_id} {self.shared().policies.get(api).fingerprint}"

    def _situations(self, api: Api) -> tuple[str, ...]:
        """Return the values of aws:MultiFactorAuthPresent to simulate, in the form that ``simulate`` takes.

        A user with a device gets ``("true",)``. Without a device they are ``"false"`` for a console sign-in and ``""``
        for an access key.
        """
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

    def _evaluate(
        self,
        api: Api,
        arn: str,
        mfa: str,
        findings: Findings,
        *,
        used: bool,
        first: tuple[SimulationResult, ...],
    ) -> None:
        """Simulate the situation ``mfa`` and add the findings.

        ``first`` are the results of a simulation that was made a moment ago. If they are empty or do not allow
        everything, IAM may not have had all policies yet, so it is made again.
        """
        answers: list[tuple[SimulationResult, ...]] = []

        def all_allowed() -> bool:
            answers.append(self._simulate(api, arn, mfa))
            return all(item.allowed for item in answers[-1])

        if first and all(item.allowed for item in first):
            answers.append(first)
        elif used:
            all_allowed()
        else:
            wait_until_present(api.context, self.subject, all_allowed, interval_s=SIMULATION_INTERVAL_S)
        denied = [item for item in answers[-1] if item.denied]
        missing = [item for item in answers[-1] if not item.denied and not item.allowed]
        total, when = len(answers[-1]), situation(mfa)
        if denied:
            self._denied(denied, total, when, findings, used=used)
        if missing and self.subject.request is not None:
            report = findings.warn if used else findings.fail
            report(f"not allowed {when}: {_list(missing)}", ALLOW)
        elif missing:
            unallowed = f"no policy allows {len(missing)} of the {total} sampled actions"
            findings.good(f"{unallowed} {when}" if denied else f"no explicit deny {when}, but {unallowed}")
        if not denied and not missing:
            findings.good(f"all {total} sampled actions allowed {when}")

    def _simulate(self, api: Api, arn: str, mfa: str) -> tuple[SimulationResult, ...]:
        """Simulate with the operator's credentials, or with the user's own if the operator is denied.

        Raises ``Problem``.
        """
        try:
            return simulate(api, self.subject, arn, EMERGENCY, mfa)
        except Problem as problem:
            own = self.shared().own.get(api)
            if problem.code not in DENIED or own.clients is None:
                raise
            return simulate(Api(own.clients, api.context), self.subject, arn, EMERGENCY, mfa)

    def _denied(self, denied: list[SimulationResult], total: int, when: str, findings: Findings, *, used: bool) -> None:
        """Add a finding for the actions that the simulator denies.

        If real calls of the user were allowed (``used``), it is only a warning. It is not a failure either if only
        policies of the organization deny, because the simulator may not know all of their conditions.
        """
        text = f"denied {when} in the policy simulator: {_list(denied)}"
        if used:
            findings.warn(text, REMOVE_DENY, caution=f"The policy simulator denies {len(denied)} of {total} actions")
        elif all(item.by_organization for item in denied):
            reason = f"A policy of the organization denies actions {when} (the simulator may not know all conditions)"
            findings.untested(
                text, f"{validate_with_envelope(self.clients, self.subject)} Or: {REMOVE_DENY}", reason=reason
            )
        elif self.subject.request is not None or len(denied) == total:
            findings.fail(text, REMOVE_DENY)
        else:
            # An unmanaged user may be restricted on purpose, but not in everything.
            findings.warn(text, REMOVE_DENY)


def _attempt(api: Api, session: OwnSession, subject: Subject, region: str) -> UseResult | Problem:
    """Return the result of calls with the user's own credentials, or the ``Problem`` that ends them."""
    try:
        return use(api, session, subject, region)
    except Problem as problem:
        return problem


def _list(items: list[SimulationResult]) -> str:
    return ", ".join(show(item.action) + (f" by {item.cause}" if item.cause else "") for item in items)

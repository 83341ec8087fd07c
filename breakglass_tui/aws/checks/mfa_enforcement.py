"""The check ``mfa-enforcement``: a policy requires MFA if the request says so, and no policy locks the user out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of, wait_until_present
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.policy_simulation import SimulationResult, simulate, situation
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.administrator_access import administrator_access_flaws
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, compact, inline_document
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A registered device protects nothing unless a policy requires it: an access key alone never carries MFA."
SAMPLED = ("ec2:StopInstances", "iam:PutUserPolicy")
CHANGE_PASSWORD = "iam:ChangePassword"  # noqa: S105 - the name of an action
SITUATIONS = ("true", "false", "")
REMOVE_DENY = "Remove the statement that denies them."
LOCKED_OUT = "Before an emergency, remove the deny or enrol a device for this user."
EXCLUDE_PASSWORD_CHANGE = f"Exclude {CHANGE_PASSWORD} from the deny, as the deny without MFA of this program does."

Decisions = dict[str, tuple[SimulationResult, ...]]


@dataclass(frozen=True)
class MfaEnforcementCheck(UserCheck):
    """The check of what the user may do with MFA, without MFA, and with the access key alone.

    It uses SimulatePrincipalPolicy with aws:MultiFactorAuthPresent true, false and absent.
    """

    id = "mfa-enforcement"
    title = "MFA enforcement"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(
            scope_of(self.subject).user(
                "iam:GetUser", "iam:ListMFADevices", "iam:GetLoginProfile", "iam:SimulatePrincipalPolicy"
            )
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate the same actions in the three MFA situations."""
        api, findings, answers = Api(self.clients, context), Findings(), list[Decisions]()
        arn = str(self.shared().user.get(api)["Arn"])

        def as_requested() -> bool:
            actions = (*SAMPLED, CHANGE_PASSWORD)
            reads = [partial(simulate, subject=self.subject, arn=arn, actions=actions, mfa=mfa) for mfa in SITUATIONS]
            answers.append(dict(zip(SITUATIONS, read_in_parallel(api, *reads), strict=True)))
            return not self._required or _enforced(answers[-1])

        wait_until_present(context, self.subject, as_requested)
        found = answers[-1]
        if self._required:
            self._with_mfa(api, found, findings)
            self._without_mfa(found, findings)
        else:
            self._not_required(api, found, findings)
            self._with_mfa(api, found, findings)
        self._first_sign_in(api, found, findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    @property
    def _required(self) -> bool:
        return self.subject.request is not None and self.subject.request.require_mfa

    def _expected(self) -> str:
        if self._required:
            return "allowed with MFA, denied without MFA and with the access key alone"
        return "MFA required if the user has a device, and no lock-out"

    def _with_mfa(self, api: Api, found: Decisions, findings: Findings) -> None:
        denied = [item.action for item in _sampled(found, "true") if item.denied]
        if denied:
            findings.fail(f"denied even with MFA: {', '.join(map(show, denied))}", REMOVE_DENY)
        elif device_expected(self.subject) or self.shared().devices.get(api):
            findings.good("not denied with MFA")

    def _without_mfa(self, found: Decisions, findings: Findings) -> None:
        remedy = self._require_mfa("If the user has a device, require MFA")
        for mfa in ("false", ""):
            free = [item.action for item in _sampled(found, mfa) if not item.denied]
            if free:
                findings.fail(f"not denied {situation(mfa)}: {', '.join(map(show, free))}", remedy)
            else:
                findings.good(f"denied {situation(mfa)}")

    def _not_required(self, api: Api, found: Decisions, findings: Findings) -> None:
        """Evaluate a user without a request, or one whose request does not require MFA.

        The console asks for a registered device at every sign-in. An access key works without it.
        """
        device = bool(self.shared().devices.get(api))
        if _enforced(found) and device:
            findings.good("a deny statement requires MFA")
        elif _enforced(found):
            text = "the user is locked out: everything is denied without MFA, and the user has no device"
            findings.fail(text, LOCKED_OUT)
        elif not device:
            remedy = self._require_mfa("Enrol a device, then require MFA")
            findings.warn("no policy requires MFA, and the user has no device", remedy)
        elif self._has_key(api):
            findings.warn("the access key works without the MFA device", self._require_mfa("Require MFA"))
        else:
            findings.good("the console requires the device at every sign-in, and no access key bypasses it")

    def _has_key(self, api: Api) -> bool:
        if self.subject.request is not None:
            return self.subject.request.programmatic
        return any(key.active for key in self.shared().keys.get(api))

    def _first_sign_in(self, api: Api, found: Decisions, findings: Findings) -> None:
        """Add a finding if a deny without MFA also denies the change of the console password."""
        request = self.subject.request
        denied = any(item.action == CHANGE_PASSWORD and item.denied for item in found["false"])
        if not denied or (request is not None and not request.console):
            return
        profile = self.shared().profile.get(api)
        text = f"{CHANGE_PASSWORD} is denied without MFA"
        if profile is not None and profile.get("PasswordResetRequired"):
            findings.fail(f"{text}, so the first sign-in cannot change the password", EXCLUDE_PASSWORD_CHANGE)
        elif profile is not None:
            findings.warn(f"{text}, so an expired password cannot be changed", EXCLUDE_PASSWORD_CHANGE)

    def _require_mfa(self, instruction: str) -> str:
        admin = self.subject.account.admin_policy
        if not isinstance(admin, AdminPolicy) or administrator_access_flaws(admin.document):
            return "Create a new emergency user with require_mfa = true."
        document = compact(inline_document(admin, require_mfa=True))
        parameters = ("--policy-name", INLINE_POLICY_NAME, "--policy-document", document)
        return f"{instruction}: {user_command(self.clients, self.subject, 'put-user-policy', *parameters)}"


def _sampled(found: Decisions, mfa: str) -> list[SimulationResult]:
    return [item for item in found[mfa] if item.action in SAMPLED]


def _enforced(found: Decisions) -> bool:
    return all(item.denied for mfa in ("false", "") for item in _sampled(found, mfa))

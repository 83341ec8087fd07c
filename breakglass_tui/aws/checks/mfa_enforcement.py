"""The check ``mfa-enforcement``: MFA is demanded where it should be, and nobody is locked out by it."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command, settled
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.policy_simulation import SimulationResult, how, simulate
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, compact, inline_document
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A device that is registered and not demanded guards nothing: an access key never carries MFA by itself."
POWERS = ("ec2:StopInstances", "iam:PutUserPolicy")
CHANGE_PASSWORD = "iam:ChangePassword"  # noqa: S105 - the name of an action
SITUATIONS = ("true", "false", "")
LOCKED_OUT = "Take the deny out, or enrol a device for this user, before the emergency."
FIRST_SIGN_IN_DENIED = "Except iam:ChangePassword from the deny, as the tool's own guardrail does."

Decisions = dict[str, tuple[SimulationResult, ...]]


@dataclass(frozen=True)
class MfaEnforcementCheck(UserCheck):
    """SimulatePrincipalPolicy with aws:MultiFactorAuthPresent true, false and absent."""

    id = "mfa-enforcement"
    title = "MFA is enforced"

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate the same actions in the three situations."""
        api, findings, answers = Api(self.clients, context), Findings(), list[Decisions]()
        arn = str(self.shared().user.get(api)["Arn"])

        def as_asked() -> bool:
            actions = (*POWERS, CHANGE_PASSWORD)
            answers.append({mfa: simulate(api, self.subject, arn, actions, mfa) for mfa in SITUATIONS})
            return not self._demanded or _enforced(answers[-1])

        settled(context, self.subject, as_asked)
        found = answers[-1]
        self._with_mfa(api, found, findings)
        if self._demanded:
            self._without(found, findings)
        else:
            self._undemanded(api, found, findings)
        self._first_sign_in(api, found, findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    @property
    def _demanded(self) -> bool:
        return self.subject.request is not None and self.subject.request.require_mfa

    def _expected(self) -> str:
        if self._demanded:
            return "allowed with MFA, explicitDeny without MFA and by the plain key"
        return "MFA demanded wherever the user has a device; nobody locked out"

    def _with_mfa(self, api: Api, found: Decisions, findings: Findings) -> None:
        denied = [item.action for item in _powers(found, "true") if item.denied]
        if denied:
            findings.fail(f"even with MFA {', '.join(map(show, denied))} is denied", "Have that deny taken out.")
        elif device_expected(self.subject) or self.shared().devices.get(api):
            findings.good("not denied with MFA")

    def _without(self, found: Decisions, findings: Findings) -> None:
        for mfa in ("false", ""):
            free = [item.action for item in _powers(found, mfa) if not item.denied]
            if free:
                findings.fail(f"{how(mfa)} {', '.join(map(show, free))} is not denied", self._guard())
            else:
                findings.good(f"explicitDeny {how(mfa)}")

    def _undemanded(self, api: Api, found: Decisions, findings: Findings) -> None:
        """No guardrail was asked for: the console asks for a device that is there all the same, a key never does."""
        device = bool(self.shared().devices.get(api))
        if _enforced(found) and device:
            findings.good("a deny demands MFA")
        elif _enforced(found):
            findings.fail("everything is denied without MFA, and the user has no device: it is locked out", LOCKED_OUT)
        elif not device:
            findings.warn("nothing demands MFA, and there is no device that could give it", self._guard())
        elif self._has_key(api):
            findings.warn("a device is registered, but the access key alone may do everything", self._guard())
        else:
            findings.good("the console asks for the device at every sign-in, and no key could go round it")

    def _has_key(self, api: Api) -> bool:
        if self.subject.request is not None:
            return self.subject.request.programmatic
        return any(key.active for key in self.shared().keys.get(api))

    def _first_sign_in(self, api: Api, found: Decisions, findings: Findings) -> None:
        """Whether a deny without MFA catches the change of a temporary password as well."""
        request = self.subject.request
        denied = any(item.action == CHANGE_PASSWORD and item.denied for item in found["false"])
        if not denied or (request is not None and not request.console):
            return
        profile = self.shared().profile.get(api)
        text = f"{CHANGE_PASSWORD} is denied without MFA"
        if profile is not None and profile.get("PasswordResetRequired"):
            findings.fail(f"{text}, and the first sign-in must change the password", FIRST_SIGN_IN_DENIED)
        elif profile is not None:
            findings.warn(f"{text}: an expired password could not be changed", FIRST_SIGN_IN_DENIED)

    def _guard(self) -> str:
        admin = self.subject.account.admin_policy
        if not isinstance(admin, AdminPolicy):
            return "Set up the user with require_mfa."
        document = compact(inline_document(admin, require_mfa=True))
        parameters = ("--policy-name", INLINE_POLICY_NAME, "--policy-document", document)
        return "Once a device is enrolled, demand MFA: " + command(self.subject, "put-user-policy", *parameters)


def _powers(found: Decisions, mfa: str) -> list[SimulationResult]:
    return [item for item in found[mfa] if item.action in POWERS]


def _enforced(found: Decisions) -> bool:
    return all(item.denied for mfa in ("false", "") for item in _powers(found, mfa))

"""The check ``role-trust``: the role trusts the user, and the user can assume it."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.earlier_use import add_disproof
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of, user_arn, wait_until_present
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.mfa_session import MfaSession
from breakglass_tui.aws.checks.remedy_commands import aws_command, validate_with_envelope
from breakglass_tui.aws.checks.trust_principals import only_mfa, stale_ids, statements_allowing, statements_denying
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.error_classes import BAD_KEY, DENIED
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.shell_quoting import option
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "A trust policy matches a user by its unique id. After the user is deleted and created again, "
    "the policy looks right but does not trust the new user."
)
UNTESTED = "Role trust: no validation assumed the role in the last 45 days"
OTHER_ROLE = "Create the role again or choose another role, then create a new emergency user."
SESSION_NAME = "breakglass-tui-validation"
SHORTEST_S = 900
"""The minimum duration of a session of AssumeRole, in seconds (STS API)."""


@dataclass(frozen=True)
class RoleTrustCheck(UserCheck):
    """The check of the role's trust policy (GetRole).

    It assumes the role if the vault has the secret of the access key. If the inline policy or the trust policy requires
    MFA, it assumes the role with an MFA session.
    """

    role_arn: str
    id = "role-trust"
    title = "Role trust"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (*scope_of(self.subject).role("iam:GetRole"), *scope_of(self.subject).user("iam:GetUser"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the role's trust policy, evaluate the statements about this user, and assume the role if possible."""
        api, findings, answers = Api(self.clients, context), Findings(), list[dict[str, Any] | None]()
        arn = user_arn(self.subject)

        def present() -> bool:
            answers.append(api.find("iam:GetRole", RoleName=self._role_name))
            return bool(statements_allowing(_trust(answers[-1]), arn))

        wait_until_present(context, self.subject, present)
        if answers[-1] is None or answers[-1]["Role"]["Arn"] != self.role_arn:
            findings.fail(f"role {show(self.role_arn)} does not exist", OTHER_ROLE)
        else:
            self._evaluate(api, _trust(answers[-1]), arn, findings)
        expected = f"the trust policy of {show(self.role_arn)} allows {show(arn)} to assume the role"
        return findings.result(self, expected=expected, why=WHY)

    @property
    def _role_name(self) -> str:
        return self.role_arn.rsplit("/", 1)[-1]

    def _evaluate(self, api: Api, trust: Mapping[str, Any], arn: str, findings: Findings) -> None:
        allowing, denying, stale = statements_allowing(trust, arn), statements_denying(trust, arn), stale_ids(trust)
        if not allowing:
            self.shared().user.get(api)  # ends the check with a skip if there is no user
        if not allowing and stale:
            ids = ", ".join(map(show, stale))
            text = f"the trust policy names a deleted user or role, {ids}, and not this user"
            findings.fail(text, self._edit_trust(f"replace {ids} with {show(arn)}"))
        elif not allowing:
            remedy = self._edit_trust(f"add a statement that allows {show(arn)} to call sts:AssumeRole")
            findings.fail("the trust policy does not name this user", remedy)
        elif any(not statement.get("Condition") for statement in denying):
            findings.fail(
                "the trust policy also denies this user", self._edit_trust("remove the statement that denies this user")
            )
        else:
            findings.good("the trust policy names this user")
            unconditional = not denying and any(not statement.get("Condition") for statement in allowing)
            self._test(api, trust, () if unconditional else (*allowing, *denying), findings)

    def _edit_trust(self, edit: str) -> str:
        name = show(option("role_name", self._role_name))
        query = "--query Role.AssumeRolePolicyDocument --output json"
        read = aws_command(self.clients, f"iam get-role {name} {query}")
        document = "--policy-document file://trust.json"
        write = aws_command(self.clients, f"iam update-assume-role-policy {name} {document}")
        return f"1) Run: {read} > trust.json 2) In trust.json, {edit}. 3) Run: {write}"

    def _tested_before(self, api: Api, trust: Mapping[str, Any], findings: Findings) -> None:
        """Add a finding that depends on whether a validation on this machine has assumed the role before.

        The trust policy alone is no proof, because another policy can deny sts:AssumeRole.
        """
        if add_disproof(self.clients, self.subject, self.id, self._fingerprint(trust), findings):
            return
        proof = self.subject.history.proof(self.id, self._fingerprint(trust), api.context.clock.now())
        if proof is not None:
            findings.good(f"assumed by a validation on {date_text(proof.at)}")
        else:
            advice = validate_with_envelope(self.clients, self.subject)
            findings.untested(
                "the role was not assumed: this needs the user's own credentials", advice, reason=UNTESTED
            )

    def _fingerprint(self, trust: Mapping[str, Any]) -> str:
        digest = hashlib.sha256(json.dumps(trust, sort_keys=True, default=str).encode()).hexdigest()
        return f"{self.subject.access_key_id} {self.role_arn} {digest}"

    def _test(
        self, api: Api, trust: Mapping[str, Any], conditional: Sequence[Mapping[str, Any]], findings: Findings
    ) -> None:
        """Assume the role if this process has the credentials.

        ``conditional`` has the statements whose conditions must be met.
        """
        secret = self.subject.vault.get(ACCESS_KEY) if self.subject.vault else None
        text = secret.reveal() if secret and self.subject.access_key_id else ""
        guarded = self.subject.request is not None and self.subject.request.require_mfa
        if not text and (not conditional or self._device_meets(conditional)):
            self._tested_before(api, trust, findings)
        elif not conditional and not guarded:
            as_user = Api(self.clients.as_user(self.subject.access_key_id, text), api.context)
            self._assume(as_user, trust, findings, "the new key")
        else:
            session = self.shared().session.get(api) if text and only_mfa(conditional) else MfaSession()
            if session.clients is not None:
                self._assume(Api(session.clients, api.context), trust, findings, "the new key and MFA")
            elif not add_disproof(self.clients, self.subject, self.id, self._fingerprint(trust), findings):
                why = "the trust policy has a condition" if conditional else "the deny without MFA applies"
                text = f"not testable with the access key alone: {why}"
                findings.untested(text, self._test_by_hand(mfa=only_mfa(conditional)), reason=UNTESTED)

    def _test_by_hand(self, *, mfa: bool) -> str:
        role = show(shlex.quote(self.role_arn))
        words = f"sts assume-role --role-session-name {SESSION_NAME} --role-arn {role}"
        assume = aws_command(self.clients, words, with_profile=False)
        if not mfa:
            return f"Test it as this user when the condition is met: {assume}"
        code = "--serial-number MFA_SERIAL --token-code CODE"
        session = aws_command(self.clients, f"sts get-session-token {code}", with_profile=False)
        return (
            f"1) As this user, replace MFA_SERIAL and CODE, and run: {session} 2) With its credentials, run: {assume}"
        )

    def _device_meets(self, conditional: Sequence[Mapping[str, Any]]) -> bool:
        """Return whether MFA is the only condition of these statements, and the user has or will have a device."""
        return only_mfa(conditional) and device_expected(self.subject)

    def _assume(self, as_user: Api, trust: Mapping[str, Any], findings: Findings, means: str) -> None:
        """Assume the role and add the result.

        Refused calls are repeated, because a change may not be visible everywhere yet. ``means`` says in words with
        which credentials the role is assumed.
        """
        refusals: list[Problem] = []

        def works() -> bool:
            session: dict[str, Any] = {"RoleSessionName": SESSION_NAME, "DurationSeconds": SHORTEST_S}
            try:
                as_user.call("sts:AssumeRole", RoleArn=self.role_arn, **session)
            except Problem as problem:
                if problem.code not in BAD_KEY | DENIED:
                    raise
                refusals.append(problem)
                return False
            return True

        if wait_until_consistent(as_user.context, works, good_reads=1):
            findings.proven(f"assumed with {means}", self._fingerprint(trust))
        else:
            text = f"{means} cannot assume the role: {refusals[-1].why}"
            remedy = self._edit_trust("correct the statements that apply to this user")
            findings.disproven(text, remedy, self._fingerprint(trust))


def _trust(answer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return trust_of(answer["Role"]) if answer else {}

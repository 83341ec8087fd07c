"""The check ``role-trust``: the role lets this very user in, tried by use where that can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import settled, user_arn
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.mfa_device_list import device_expected
from breakglass_tui.aws.checks.mfa_session import MfaSession
from breakglass_tui.aws.checks.trust_principals import denying, naming, only_mfa, stale_ids
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.error_classes import BAD_KEY, DENIED
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A trust policy matches a user by its unique id; it looks right for a user made anew and lets nobody in."
SESSION_NAME = "breakglass-tui-validation"
SHORTEST_S = 900
"""The shortest session AssumeRole gives (STS API)."""


@dataclass(frozen=True)
class RoleTrustCheck(UserCheck):
    """GetRole, and AssumeRole with the new key if its secret is at hand; with MFA where that may be demanded."""

    role_arn: str
    id = "role-trust"
    title = "Role can be assumed"

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the role's trust policy and look for this user in it."""
        api, findings, answers = Api(self.clients, context), Findings(), list[dict[str, Any] | None]()
        arn = user_arn(self.subject)

        def there() -> bool:
            answers.append(api.found("iam:GetRole", RoleName=self.role_arn.rsplit("/", 1)[-1]))
            return bool(naming(_trust(answers[-1]), arn))

        settled(context, self.subject, there)
        if answers[-1] is None or answers[-1]["Role"]["Arn"] != self.role_arn:
            next = "Choose another role, or have it made again, and set up a new emergency user."
            findings.fail(f"there is no role {show(self.role_arn)}", next)
        else:
            self._judge(api, _trust(answers[-1]), arn, findings)
        expected = f"the trust policy of {show(self.role_arn)} lets {show(arn)} assume it"
        return findings.result(self, expected=expected, why=WHY)

    def _judge(self, api: Api, trust: Mapping[str, Any], arn: str, findings: Findings) -> None:
        allowed, denied, stale = naming(trust, arn), denying(trust, arn), stale_ids(trust)
        if not allowed:
            self.shared().user.get(api)  # without a user there is nobody to let in
        if not allowed and stale:
            text = f"the trust policy names {', '.join(map(show, stale))}, which was deleted, not this user"
            findings.fail(text, self._mend("Put this user's ARN in its place"))
        elif not allowed:
            findings.fail("the trust policy does not name this user", self._mend("Add this user's ARN to it"))
        elif any(not statement.get("Condition") for statement in denied):
            findings.fail("the trust policy also denies this user", self._mend("Take that statement out"))
        else:
            findings.good("the trust policy names this user")
            free = not denied and any(not statement.get("Condition") for statement in allowed)
            self._use(api, () if free else (*allowed, *denied), findings)

    def _mend(self, what: str) -> str:
        return f"{what}: aws iam update-assume-role-policy --role-name {show(self.role_arn.rsplit('/', 1)[-1])} …"

    def _use(self, api: Api, trust: Sequence[Mapping[str, Any]], findings: Findings) -> None:
        """``trust`` are the statements whose conditions must hold."""
        secret = self.subject.vault.get(ACCESS_KEY) if self.subject.vault else None
        text = secret.reveal() if secret and self.subject.access_key_id else ""
        guarded = self.subject.request is not None and self.subject.request.require_mfa
        if not text and (not trust or self._has_what_they_ask(trust)):
            means = "the user's own credentials" + (" and a code of its device" if trust else "")
            findings.good(f"assuming it was not tried: that takes {means}")
        elif not trust and not guarded:
            self._assume(
                Api(self.clients.as_user(self.subject.access_key_id, text), api.context), findings, "the new key"
            )
        else:
            session = self.shared().session.get(api) if text and only_mfa(trust) else MfaSession()
            if session.clients is not None:
                self._assume(Api(session.clients, api.context), findings, "the new key and MFA")
            else:
                why = "its trust has a condition" if trust else "the guardrail denies the plain key"
                next = "Try it with an MFA session: aws sts get-session-token, then aws sts assume-role."
                findings.warn(f"not provable by the plain key: {why}", next)

    def _has_what_they_ask(self, trust: Sequence[Mapping[str, Any]]) -> bool:
        """Whether MFA alone is asked for, and the user has, or shall have, a device."""
        return only_mfa(trust) and device_expected(self.subject)

    def _assume(self, as_user: Api, findings: Findings, means: str) -> None:
        """A denial may only mean that key, policy or trust have not arrived everywhere yet."""
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

        if wait_until_consistent(as_user.context, works, good=1):
            findings.good(f"and it was assumed with {means}")
        else:
            findings.fail(f"{means} cannot assume it: {refusals[-1].why}", self._mend("Correct the trust policy"))


def _trust(answer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return trust_of(answer["Role"]) if answer else {}

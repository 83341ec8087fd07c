"""The check ``inline-policy``: the user's inline policy is AdministratorAccess as AWS publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from breakglass_tui.aws.account_policies import read_admin_policy
from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import (
    NO_USER,
    list_of_user,
    require_user,
    scope_of,
    wait_until_present,
)
from breakglass_tui.aws.checks.policy_diff import difference
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.administrator_access import (
    ADMINISTRATOR_ACCESS,
    CHANGED_NEXT,
    administrator_access_flaws,
)
from breakglass_tui.domain.checks import MISSION, CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import (
    ADMIN_POLICY_NAME,
    INLINE_POLICY_NAME,
    compact,
    inline_document,
    inline_documents,
    is_inline_document,
)
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

WHY = "In an emergency a missing permission cannot be added: the people who could add it are locked out."
GUARDRAIL = "the deny without MFA"


@dataclass(frozen=True)
class InlinePolicyCheck:
    """The check that compares the inline policy (GetUserPolicy) with AdministratorAccess, both in canonical form.

    It compares with the published document, not with the one that AWS returns now or that the run copied.
    """

    clients: Clients
    subject: Subject
    id = "inline-policy"
    title = MISSION["inline-policy"]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (
            *scope_of(self.subject).admin_policy("iam:GetPolicy", "iam:GetPolicyVersion"),
            *scope_of(self.subject).user("iam:GetUserPolicy"),
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Read both policy documents and compare them."""
        api, findings = Api(self.clients, context), Findings()
        admin = self._admin_policy(api, findings)
        answers = [dict[str, Any]()]

        def present() -> bool:
            user = self.subject.user_name
            answers.append(api.find("iam:GetUserPolicy", UserName=user, PolicyName=INLINE_POLICY_NAME) or {})
            return bool(answers[-1])

        if wait_until_present(context, self.subject, present):
            self._compare(answers[-1].get("PolicyDocument"), admin, findings)
        else:
            self._missing(api, admin, findings)
        return findings.result(self, expected=self._expected(admin), why=WHY)

    def _admin_policy(self, api: Api, findings: Findings) -> AdminPolicy:
        """Return AdministratorAccess as AWS publishes it, with its current version.

        If it cannot be read, the version is the one that the assessment read. Add a warning if AWS returns another
        document. Raises ``Problem`` if the assessment has none either.
        """
        admin, known = read_admin_policy(api, self.subject.account.caller.partition), self.subject.account.admin_policy
        if isinstance(admin, Problem):
            if not isinstance(known, AdminPolicy):
                raise admin
            admin = known
        flaws = administrator_access_flaws(admin.document)
        if flaws:
            text = f"AWS returns {ADMIN_POLICY_NAME} {show(admin.version_id)}, which is not the published policy"
            findings.warn(f"{text}: {'; '.join(flaws)}", CHANGED_NEXT)
        return replace(admin, document=ADMINISTRATOR_ACCESS)

    def _expected(self, admin: AdminPolicy) -> str:
        text = f"inline policy {INLINE_POLICY_NAME} equal to {ADMIN_POLICY_NAME} {show(admin.version_id)}"
        if self.subject.request is None:
            return f"{text}, with or without {GUARDRAIL}"
        return f"{text}, with {GUARDRAIL}" if self.subject.request.require_mfa else text

    def _forms(self) -> tuple[bool, ...]:
        """Return the accepted values of ``require_mfa``, the preferred one first.

        Without a request, both are accepted.
        """
        request = self.subject.request
        return (False, True) if request is None else (request.require_mfa,)

    def _compare(self, found: Any, admin: AdminPolicy, findings: Findings) -> None:
        if not isinstance(found, Mapping):
            findings.fail(f"{INLINE_POLICY_NAME} is not a valid policy document", self._remedy(admin))
            return
        for guarded in self._forms():
            if is_inline_document(found, admin, require_mfa=guarded):
                form = f", with {GUARDRAIL}" if guarded else ""
                findings.good(f"{INLINE_POLICY_NAME} equals {ADMIN_POLICY_NAME} {show(admin.version_id)}{form}")
                return
        # Only the closest document shows what differs: the user may have the guardrail of an earlier release.
        documents = inline_documents(admin, require_mfa=self._forms()[0])
        differences = (difference(found, document) for document in documents)
        findings.fail(f"{INLINE_POLICY_NAME} differs, {min(differences, key=len)}", self._remedy(admin))

    def _missing(self, api: Api, admin: AdminPolicy, findings: Findings) -> None:
        text = f"{INLINE_POLICY_NAME} is missing"
        try:
            others = self._elsewhere(api, admin.arn)
        except Problem as problem:
            if problem.code == NO_USER:
                raise
            others = ""
        findings.fail(f"{text}, {others}" if others else text, self._remedy(admin))

    def _elsewhere(self, api: Api, arn: str) -> str:
        """Return a clause that says where AdministratorAccess is attached instead: to the user or to one of its groups.

        It is "" if the policy is attached to neither. Raises ``Problem``.
        """
        user = self.subject.user_name
        own = require_user(list_of_user(api, "iam:ListAttachedUserPolicies", "AttachedPolicies", self.subject))
        if any(policy["PolicyArn"] == arn for policy in own):
            return f"{ADMIN_POLICY_NAME} is attached to the user instead"
        for group in api.paginate("iam:ListGroupsForUser", "Groups", UserName=user):
            policies = api.paginate("iam:ListAttachedGroupPolicies", "AttachedPolicies", GroupName=group["GroupName"])
            if any(policy["PolicyArn"] == arn for policy in policies):
                return f"{ADMIN_POLICY_NAME} is attached to group {show(group['GroupName'])} instead"
        return ""

    def _remedy(self, admin: AdminPolicy) -> str:
        document = compact(inline_document(admin, require_mfa=self._forms()[0]))
        parameters = ("--policy-name", INLINE_POLICY_NAME, "--policy-document", document)
        return "Restore the policy: " + user_command(self.clients, self.subject, "put-user-policy", *parameters)

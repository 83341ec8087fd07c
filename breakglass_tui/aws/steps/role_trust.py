"""The step ``role-trust``: a role's trust policy lets the user in, and is otherwise left as it is."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import PATIENCE_S, Api
from breakglass_tui.aws.consistency import INTERVAL_S, appears
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.aws.steps.base import OWNERSHIP, AwsStep
from breakglass_tui.aws.steps.idempotent_writes import may_exist, send_idempotent
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.aws.steps.trust_statement import deleted_in, diff, has, lets_in, without
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.ownership import sid_of
from breakglass_tui.domain.policy import size
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.domain.trust_policy import mfa_for, mfa_of_all, with_user
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext

UPDATE = "iam:UpdateAssumeRolePolicy"
MALFORMED = "MalformedPolicyDocument"
WITHOUT = "everybody else needs MFA for it, this user will not: it gets no device"
QUOTA = 2048
"""Characters of a trust policy unless the account has been given more (IAM quotas)."""


@dataclass(frozen=True)
class RoleTrustStep(AwsStep):
    """One statement more in the trust policy of ``role_arn``."""

    id = "role-trust"
    actions = ("iam:GetRole", UPDATE, *OWNERSHIP)
    undo_actions = ("iam:GetRole", UPDATE)

    @property
    def title(self) -> str:
        """Names the role."""
        return f"Role {show(self.role_name)}"

    @property
    def role_name(self) -> str:
        """The role without its path."""
        return self.setup.request.role_arn.rsplit("/", 1)[-1]

    @property
    def change(self) -> Change:
        """The statement that is added, as a diff of the whole trust policy."""
        shown = self._shown()
        text = f"one statement added to the trust policy of role {show(self.role_name)}: {self.user_arn} may assume it"
        before = shown or {}
        after = self._after(before, self.user_arn)
        if shown is None:
            text += "; the policy itself could not be read beforehand"
        elif mfa_for(self.setup.request, before):
            text += ", with MFA only"
        elif mfa_of_all(before):
            text += f"; {WITHOUT}"
        return Change("diff", text, diff(before, after, show(self.role_name)))

    def apply(self, context: StepContext) -> StepOutcome:
        """Add the statement to what the role has now, which must be what was shown."""
        api, arn = self.api(context), context.facts.get("user_arn", self.user_arn)
        self.require_mine(api)

        def put() -> None:
            # A principal that is not visible yet makes the policy "malformed": new users for half a minute or so.
            began = context.clock.ticks()
            while True:
                trust = self._read(api)
                if has(trust, self._sid):
                    return
                try:
                    self._write(api, self._with_user(api, trust, arn))
                    return
                except Problem as problem:
                    if problem.code != MALFORMED or context.clock.ticks() - began >= PATIENCE_S:
                        raise
                context.wait(INTERVAL_S)

        send_idempotent(context, UPDATE, "The trust policy", put, lambda: has(self._read(api), self._sid))
        return StepOutcome(f"{show(self.role_name)} lets the user in")

    def undo(self, context: StepContext) -> None:
        """Take the user out of that one statement, whatever else the role has by then."""
        api, arn = self.api(context), context.facts.get("user_arn", self.user_arn)
        rest = self._rest_of(self._shown() or {}, arn)
        if not may_exist(context, UPDATE):
            return

        def look() -> dict[str, Any] | None:
            trust = self._if_there(api)
            return trust if lets_in(trust, self._sid, arn) else None

        def take_out() -> None:
            trust = look()
            if trust is not None:
                self._write(api, self._rest_of(trust, arn))

        what = f"The statement {self._sid} of role {show(self.role_name)}"
        with leaving(what, self._command(rest)):
            trust = appears(context, look)
        if trust is None:
            return
        with leaving(what, self._command(self._rest_of(trust, arn))):
            send_idempotent(context, UPDATE, "The removal", take_out, lambda: look() is None)

    def find(self, context: StepContext) -> ObservedState:
        """The statement of this run."""
        answer = self.api(context).found("iam:GetRole", RoleName=self.role_name)
        there = answer is not None and has(trust_of(answer["Role"]), self._sid)
        return ObservedState(Observation.THERE if there else Observation.ABSENT)

    @property
    def _sid(self) -> str:
        return sid_of(self.setup.run_id)

    def _shown(self) -> dict[str, Any] | None:
        roles = self.setup.account.roles
        for role in roles.items if roles else ():
            if role.arn == self.setup.request.role_arn:
                return dict(role.trust)
        return None

    def _read(self, api: Api) -> dict[str, Any]:
        answer = api.found("iam:GetRole", RoleName=self.role_name)
        if answer is None:
            raise _vanished(self.role_name)
        return trust_of(answer["Role"])

    def _if_there(self, api: Api) -> dict[str, Any]:
        """The trust policy; empty if the role is gone, and nothing of ours with it."""
        answer = api.found("iam:GetRole", RoleName=self.role_name)
        return trust_of(answer["Role"]) if answer else {}

    def _rest_of(self, trust: dict[str, Any], arn: str) -> dict[str, Any]:
        return without(trust, self._sid, arn, self._shown())

    def _with_user(self, api: Api, trust: dict[str, Any], arn: str) -> dict[str, Any]:
        """``trust``, which must be what was shown, and our statement."""
        shown = self._shown()
        if shown is not None and trust != shown:
            raise _changed(self.role_name)
        self._refuse_stale(trust)
        return self._fitting(api, self._after(trust, arn))

    def _after(self, trust: dict[str, Any], arn: str) -> dict[str, Any]:
        """``trust`` and our statement, which demands MFA where the user has a device and all others need one."""
        return with_user(trust, self._sid, arn, mfa=mfa_for(self.setup.request, trust))

    def _write(self, api: Api, trust: dict[str, Any]) -> None:
        # Read anew before every attempt: the policy is replaced as a whole, and another's change would be lost.
        api.call(UPDATE, RoleName=self.role_name, PolicyDocument=json.dumps(trust, separators=(",", ":")))

    def _fitting(self, api: Api, trust: dict[str, Any]) -> dict[str, Any]:
        if size(trust) > QUOTA:
            quota = self._quota(api)
            if size(trust) > quota:
                raise _too_long(self.role_name, size(trust), quota)
        return trust

    def _quota(self, api: Api) -> int:
        try:
            summary = api.call("iam:GetAccountSummary").get("SummaryMap", {})
        except Problem:
            return sys.maxsize  # then AWS itself is to say so
        return int(summary.get("AssumeRolePolicySizeQuota", QUOTA))

    def _refuse_stale(self, trust: dict[str, Any]) -> None:
        gone = deleted_in(trust)
        if gone:
            raise _stale(self.role_name, ", ".join(gone))

    def _command(self, trust: dict[str, Any]) -> str:
        return iam("update-assume-role-policy", role_name=self.role_name, policy_document=json.dumps(trust))


def _changed(role: str) -> Problem:
    return Problem(
        f"The trust policy of role {show(role)} has changed since it was shown.",
        why="Somebody edited it after the assessment; adding to it now would not be what was confirmed.",
        next="Assess the account again and look at the new diff.",
        kind=Kind.REFUSED,
        code="Changed",
    )


def _vanished(role: str) -> Problem:
    return Problem(
        f"The role {show(role)} does not exist any more.",
        why="It was there when the account was assessed, or it was typed, and AWS does not find it now.",
        next="Choose another role, or have it made again; then start anew.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )


def _stale(role: str, ids: str) -> Problem:
    return Problem(
        f"The trust policy of role {show(role)} names a user or role that was deleted: {show(ids)}.",
        why="AWS refuses every change of a trust policy as long as such an id stands in it.",
        next="Have that statement removed or mended first, then assess the account again.",
        kind=Kind.REFUSED,
        code=MALFORMED,
    )


def _too_long(role: str, used: int, quota: int) -> Problem:
    return Problem(
        f"The trust policy of role {show(role)} has no room for one more statement.",
        why=f"It would have {used} characters; the quota of this account is {quota}.",
        next="Shorten it, ask AWS for a higher quota, or choose another role.",
        kind=Kind.REFUSED,
        code="LimitExceeded",
    )

"""The plan as text and as JSON, to review before anything is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from breakglass_tui.domain.account import MANAGEMENT, Account, AdminPolicy
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.endpoints import Endpoint, Place
from breakglass_tui.domain.policy import ADMIN_POLICY_NAME, INLINE_POLICY_NAME, INLINE_QUOTA, inline_document, size
from breakglass_tui.domain.sentences import check_line
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step
from breakglass_tui.plain.words import account_label
from breakglass_tui.report.report_document import check_document

MARKS = {"new": "+ new", "member": "+ member", "diff": "~ changed"}
NOT_TOUCHED = (
    "other users",
    "managed policies and other inline policies",
    "the permissions policies of the groups and of the role",
    "the account's password policy",
)


@dataclass(frozen=True, slots=True)
class Review:
    """A setup with its plan and the results of its preflight checks."""

    setup: Setup
    plan: Plan
    preflight: tuple[CheckResult, ...]
    place: Place
    endpoint: Endpoint | None = None

    def policy(self) -> dict[str, Any] | None:
        """Return the inline policy that the user will get, or None if AdministratorAccess could not be read.

        The keys are ``name``, ``source``, ``document``, ``characters`` and ``quota``.
        """
        policy = self.setup.account.admin_policy
        if not isinstance(policy, AdminPolicy):
            return None
        document = inline_document(policy, require_mfa=self.setup.request.require_mfa)
        return {
            "name": INLINE_POLICY_NAME,
            "source": {"arn": policy.arn, "version_id": policy.version_id},
            "document": document,
            "characters": size(document),
            "quota": INLINE_QUOTA,
        }

    def document(self) -> dict[str, Any]:
        """Return the plan as a JSON object. Other programs read its keys, so they must not be renamed or removed."""
        caller, waves = self.setup.account.caller, self.plan.waves()
        return {
            "schema_version": 1,
            "account": {
                "id": caller.account_id,
                "alias": caller.alias,
                "caller_arn": caller.arn,
                "demo": self.place is Place.DEMO,
                "endpoint": self.endpoint.url if self.endpoint else None,
                "management": self.setup.account.management,
            },
            "request": self.setup.request.as_json(),
            "waves": [[step.id for step in wave] for wave in waves],
            "steps": [_step_document(step) for step in self.plan.in_order],
            "policy": self.policy(),
            "not_touched": list(NOT_TOUCHED),
            "preflight": [check_document(result) for result in self.preflight],
        }

    def lines(self) -> list[str]:
        """Return the plan as lines of text."""
        caller, request = self.setup.account.caller, self.setup.request
        where = account_label(caller.account_id, caller.alias, self.place)
        head = [
            f"Emergency user {request.user_name} in {where}, {request.region}",
            f"as {show(caller.arn)}",
            *management_lines(self.setup.account),
            "Nothing has been written yet. The steps:",
            "",
        ]
        return [*head, *self._step_lines(), *self._policy_lines(), *self._last_lines()]

    def _step_lines(self) -> Iterable[str]:
        number = 0
        for wave in self.plan.waves():
            for step in wave:
                number += 1
                parallel = f"  (in parallel with {_others(step, wave)})" if len(wave) > 1 else ""
                yield f"{number:>2}. {show(step.title)}  [{step.id}]  {MARKS[step.change.mark]}{parallel}"
                yield f"    {show(step.change.sentence)}"
                yield f"    {', '.join(step.actions)}"
                yield from (f"      {show(line)}" for line in step.change.diff.split("\n") if line)

    def _policy_lines(self) -> Iterable[str]:
        policy = self.policy()
        if policy is None:
            return
        yield ""
        used = f"{policy['characters']:,} of {policy['quota']:,} characters"
        version = show(policy["source"]["version_id"])
        yield f"Inline policy {policy['name']}: {ADMIN_POLICY_NAME} {version}, {used}"
        yield from (f"  {show(line)}" for line in json.dumps(policy["document"], indent=2).splitlines())

    def _last_lines(self) -> Iterable[str]:
        yield ""
        yield f"Not touched: {', '.join(NOT_TOUCHED)}."
        if self.preflight:
            yield ""
            yield "Preflight checks:"
            yield from (f"  {check_line(result)}" for result in self.preflight)


def management_lines(account: Account) -> tuple[str, ...]:
    """Return a warning if the account is the management account of an organization, else ()."""
    return (f"Warning: {' '.join(MANAGEMENT)}",) if account.management else ()


def _step_document(step: Step) -> dict[str, Any]:
    change = {"mark": step.change.mark, "sentence": step.change.sentence, "diff": step.change.diff}
    actions = {"actions": list(step.actions), "undo_actions": list(step.undo_actions)}
    return {"id": step.id, "title": step.title, "needs": sorted(step.needs), **actions, "change": change}


def _others(step: Step, wave: tuple[Step, ...]) -> str:
    return ", ".join(other.id for other in wave if other is not step)

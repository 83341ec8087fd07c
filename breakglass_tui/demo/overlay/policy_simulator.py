"""The IAM policy simulator of the simulated account."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, missing
from breakglass_tui.demo.overlay.conditions import context_keys
from breakglass_tui.demo.overlay.evaluation import EvaluationResult, PolicySource, as_list, decide
from breakglass_tui.demo.overlay.iam_base import IamBase
from breakglass_tui.demo.overlay.principals import identity_of, sources_of


class IamPolicySimulator(IamBase):
    """SimulatePrincipalPolicy and SimulateCustomPolicy for identity policies. Boundaries and SCPs are not evaluated."""

    def resource(self) -> str:
        """Return the ARN of the simulated principal, for which the caller needs the permission to simulate."""
        return str(self._get_param("PolicySourceArn") or super().resource())

    def simulate_principal_policy(self) -> ActionResult:
        """Return one result for each action and resource, by the policies of a principal and those in the call."""
        arn = self._get_param("PolicySourceArn")
        identity = identity_of(self.backend, arn)
        if identity is None:
            raise missing(f"The principal {arn}")
        return self._simulate([*sources_of(self.backend, identity), *self._given()])

    def simulate_custom_policy(self) -> ActionResult:
        """Return one result for each action and resource, by the policies in the call."""
        return self._simulate(self._given())

    def _given(self) -> list[PolicySource]:
        texts = self._get_param("PolicyInputList", [])
        return [PolicySource(f"PolicyInputList.{n}", "none", json.loads(text)) for n, text in enumerate(texts, start=1)]

    def _simulate(self, sources: list[PolicySource]) -> ActionResult:
        entries = self._get_param("ContextEntries", [])
        context = {entry["ContextKeyName"]: entry["ContextKeyValues"][0] for entry in entries}
        statements = [statement for source in sources for statement in as_list(source.document["Statement"])]
        needed = {key for statement in statements for key in context_keys(statement)}
        given = {key.lower() for key in context}
        unanswered = sorted(key for key in needed if key.lower() not in given)
        actions = self._get_param("ActionNames")
        wrong = [action for action in actions if ":" not in action or "*" in action]
        if wrong:
            raise ApiRefusal("InvalidInput", f"Invalid Entity Action: {wrong[0]}")
        results = [
            _result(action, resource, decide(sources, action, resource, context), unanswered)
            for action in actions
            for resource in self._get_param("ResourceArns", ["*"])
        ]
        return self.paged(ActionResult({"EvaluationResults": results}), "EvaluationResults")


def _result(action: str, resource: str, outcome: EvaluationResult, unanswered: list[str]) -> dict[str, Any]:
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": outcome.decision.value,
        "MatchedStatements": [
            {"SourcePolicyId": source.name, "SourcePolicyType": source.kind} for source in outcome.matched
        ],
        "MissingContextValues": unanswered,
    }

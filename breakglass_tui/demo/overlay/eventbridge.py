"""The simulated EventBridge: rules of the default event bus, their targets, and event patterns."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.events.models import EventPattern

from breakglass_tui.demo.notification_world import SimulatedRule
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

PAGE = 100
"""The number of items on one page of a list, if the call sets no Limit."""
TARGETS = 5
"""The maximum number of targets of one rule (EventBridge API, PutTargets)."""
EVENT_FIELDS = ("id", "account", "source", "time", "region", "resources", "detail-type")
"""The fields that TestEventPattern requires in an event (EventBridge API)."""


class DemoEventBridge(AuthorizedRequests):
    """The EventBridge operations of the simulated account."""

    def __init__(self) -> None:
        super().__init__(service_name="events")

    @property
    def _rules(self) -> dict[str, SimulatedRule]:
        return self.world.rules.setdefault(self.region, {})

    def resource(self) -> str:
        """Return the ARN of the rule that the call names (Service Authorization Reference, EventBridge)."""
        name = self._get_param("Rule") or self._get_param("Name")
        return self._arn(SimulatedRule(name)) if name else "*"

    def list_rules(self) -> ActionResult:
        """Return one page of the rules of this Region, sorted by name."""
        prefix = self._get_param("NamePrefix") or ""
        found = [self._described(self._rules[name]) for name in sorted(self._rules) if name.startswith(prefix)]
        return self._paged("Rules", found)

    def put_rule(self) -> ActionResult:
        """Create a rule or replace its pattern and state. The event pattern must be valid."""
        name, pattern = self._get_param("Name"), self._get_param("EventPattern")
        _parsed(pattern)
        rule = self._rules.setdefault(name, SimulatedRule(name))
        rule.pattern, rule.state = pattern, self._get_param("State") or "ENABLED"
        return ActionResult({"RuleArn": self._arn(rule)})

    def delete_rule(self) -> EmptyResult:
        """Delete a rule that has no targets. A rule that does not exist is not an error."""
        name = self._get_param("Name")
        if name in self._rules and self._rules[name].targets:
            raise ApiRefusal("ValidationException", "Rule can't be deleted since it has targets.")
        self._rules.pop(name, None)
        return EmptyResult()

    def put_targets(self) -> ActionResult:
        """Add targets to a rule, or replace those with the same id. A target must be in the Region of the rule.

        Only an event bus can be in another Region. Sources: re:Post, "sns-not-getting-eventbridge-notification";
        EventBridge API, PutTargets. AWS does not document the error. Its code and text are those for an event bus
        without a role.
        """
        rule, targets = self._rule(), {target["Id"]: target for target in self._get_param("Targets")}
        for target in targets.values():
            _, _, service, region, *_ = f"{target['Arn']}:::".split(":")
            if service != "events" and region != self.region:
                raise ApiRefusal("ValidationException", "Cross-region api call is not allowed.")
        if len(rule.targets | targets) > TARGETS:
            raise ApiRefusal("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
        rule.targets |= targets
        return ActionResult({"FailedEntryCount": 0, "FailedEntries": []})

    def remove_targets(self) -> ActionResult:
        """Remove targets of a rule by their ids."""
        targets = self._rule().targets
        for id in self._get_param("Ids"):
            targets.pop(id, None)
        return ActionResult({"FailedEntryCount": 0, "FailedEntries": []})

    def list_targets_by_rule(self) -> ActionResult:
        """Return one page of the targets of a rule."""
        return self._paged("Targets", list(self._rule().targets.values()))

    def test_event_pattern(self) -> ActionResult:
        """Return whether the event pattern matches the event."""
        pattern, event = self._get_param("EventPattern"), json.loads(self._get_param("Event"))
        if not set(EVENT_FIELDS) <= set(event):
            raise ApiRefusal("ValidationException", "Parameter Event is not valid.")
        return ActionResult({"Result": EventPattern(pattern, _parsed(pattern)).matches_event(event)})

    def _rule(self) -> SimulatedRule:
        name = self._get_param("Rule")
        if name not in self._rules:
            raise ApiRefusal("ResourceNotFoundException", f"Rule {name} does not exist on EventBus default.")
        return self._rules[name]

    def _arn(self, rule: SimulatedRule) -> str:
        return f"arn:aws:events:{self.region}:{self.world.account_id}:rule/{rule.name}"

    def _described(self, rule: SimulatedRule) -> dict[str, Any]:
        described = {"Name": rule.name, "Arn": self._arn(rule), "State": rule.state, "EventBusName": "default"}
        return {**described, "EventPattern": rule.pattern}

    def _paged(self, key: str, items: list[dict[str, Any]]) -> ActionResult:
        start, size = int(self._get_param("NextToken") or 0), int(self._get_param("Limit") or PAGE)
        token = str(start + size) if start + size < len(items) else None
        return ActionResult({key: items[start : start + size], "NextToken": token})


def _parsed(pattern: str) -> dict[str, Any]:
    """Return the parsed event pattern. Raises ``ApiRefusal`` unless each value is a non-empty list or another level."""
    try:
        found = json.loads(pattern)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(value and isinstance(value, list) for value in _leaves(found)):
        raise ApiRefusal("InvalidEventPatternException", "Event pattern is not valid.")
    return found


def _leaves(level: dict[str, Any]) -> list[Any]:
    return [leaf for value in level.values() for leaf in (_leaves(value) if isinstance(value, dict) else [value])]

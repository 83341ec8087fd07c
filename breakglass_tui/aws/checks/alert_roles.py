"""The IAM roles that EventBridge assumes for targets of rules, and whether it can assume them."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.alert_delivery import SERVICE, Fix, Gap, Target
from breakglass_tui.aws.checks.resource_policy import Answer, lets_service
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show

ASSUME = "sts:AssumeRole"


class TargetRoles:
    """Reads the roles of targets in account ``account_id``, in the threads of ``pool``.

    Each role is read once for all Regions.
    """

    def __init__(self, api: Api, account_id: str, pool: Executor) -> None:
        self._api, self._account_id, self._pool = api, account_id, pool
        self._reads: dict[str, Future[dict[str, Any] | None]] = {}
        self._lock = threading.Lock()

    def prefetch(self, target: Target) -> None:
        """Start to read the role of ``target``, if it has one that this account can read."""
        arn = target.get("RoleArn", "")
        with self._lock:
            if arn.split(":")[4:5] == [self._account_id] and arn not in self._reads:
                self._reads[arn] = self._pool.submit(self._api.find, "iam:GetRole", RoleName=arn.rsplit("/", 1)[-1])

    def gap(self, rule: str, rule_arn: str, target: Target) -> Gap | None:
        """Return why EventBridge cannot assume the role of ``target``, or why that could not be read.

        None means no gap. There is no gap either if conditions in the trust policy decide, or if ``prefetch`` did not
        read the role. ``rule`` is the name of the rule.
        """
        arn = target.get("RoleArn", "")
        if arn not in self._reads:
            return None
        name = f"role {show(arn.rsplit('/', 1)[-1])} of a target of {show(rule)}"
        try:
            answer = self._reads[arn].result()
        except Problem as problem:
            return Gap(f"{name} could not be read", Fix.READ, detail=problem.what, next=problem.next)
        if answer is None:
            return Gap(f"{name} does not exist", Fix.CREATE)
        trust, context = answer["Role"]["AssumeRolePolicyDocument"], {"aws:sourcearn": rule_arn}
        context["aws:sourceaccount"] = self._account_id
        if lets_service(trust, SERVICE, ASSUME, "", context) is Answer.NO:
            return Gap(f"{name} does not let EventBridge assume it", Fix.CREATE)
        return None

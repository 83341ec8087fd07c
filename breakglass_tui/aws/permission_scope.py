"""``PermissionScope``: the ARNs of the resources of a request, for the permissions that the operator needs.

Source of the resource types: Service Authorization Reference, IAM, KMS, CloudTrail, EventBridge, SNS, Account
Management and Organizations. An action for which it lists no resource type needs the resource ``*``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.ownership import device_name, device_serial, user_arn
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import admin_policy_arn
from breakglass_tui.domain.request import SetupRequest

NO_RESOURCE_TYPE = "AWS defines no resource type for these actions (Service Authorization Reference)."
ANY_POLICY = "The policies that are attached to the groups are known only when they are read."
ANY_KEY = "The ARN of the KMS key could not be read."
ANY_ROLE = "The roles of the targets of alert rules are known only when the rules are read."
CALLER_PATH = "The path of the role of the caller could not be read."
ANY_TRAIL = "The trails of the account and of its organization are known only when they are listed."
ANY_RULE = "The alert rules of each Region are known only when they are listed."
ANY_TOPIC = "The topics of alert rules are known only when the rules are read."

Permissions = Iterator[Permission]


@dataclass(frozen=True)
class PermissionScope:
    """The resources of ``request`` in ``account``. Each method yields the given actions with one kind of resource."""

    account: Account
    request: SetupRequest

    @property
    def _partition(self) -> str:
        return self.account.caller.partition

    @property
    def _account_id(self) -> str:
        return self.account.caller.account_id

    def _iam(self, resource: str) -> str:
        return f"arn:{self._partition}:iam::{self._account_id}:{resource}"

    def user(self, *actions: str) -> Permissions:
        """Yield ``actions`` on the user of the request. Its login profile and its access keys have no ARN."""
        return _on((user_arn(self.account.caller, self.request),), actions)

    def absent_user(self, *actions: str) -> Permissions:
        """Yield ``actions`` on a user of this name without a path.

        AWS does not know the path of a user that does not exist.
        """
        return _on((self._iam(f"user/{self.request.user_name}"),), actions)

    def device(self, run_id: str, *actions: str) -> Permissions:
        """Yield ``actions`` on the virtual MFA device of a run."""
        name = device_name(self.request.user_name, run_id)
        return _on((device_serial(self.account.caller, name),), actions)

    def groups(self, *actions: str) -> Permissions:
        """Yield ``actions`` on the groups of the request, or nothing if it has none."""
        listed = self.account.groups.items if self.account.groups else ()
        arns = {group.name: group.arn for group in listed}
        return _on(tuple(arns.get(name, self._iam(f"group/{name}")) for name in self.request.groups), actions)

    def group_policies(self) -> Permissions:
        """Yield the reads of all policies of the groups of the request, or nothing if it has none."""
        yield from self.groups("iam:ListGroupPolicies", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies")
        if self.request.groups:
            arns = (f"arn:{self._partition}:iam::aws:policy/*", self._iam("policy/*"))
            yield from _on(arns, ("iam:GetPolicy", "iam:GetPolicyVersion"), ANY_POLICY)

    def role(self, *actions: str) -> Permissions:
        """Yield ``actions`` on the role of the request, or nothing if it has none."""
        return _on((self.request.role_arn,) if self.request.role_arn else (), actions)

    def admin_policy(self, *actions: str) -> Permissions:
        """Yield ``actions`` on AdministratorAccess."""
        return _on((admin_policy_arn(self._partition),), actions)

    def account_wide(self, *actions: str, optional: bool = False) -> Permissions:
        """Yield ``actions`` for which AWS defines no resource type."""
        return _on(("*",), actions, NO_RESOURCE_TYPE, optional=optional)

    def regions(self, *actions: str) -> Permissions:
        """Yield ``actions`` of Account Management on the account itself, which are optional."""
        return _on((f"arn:{self._partition}:account::{self._account_id}:account",), actions, optional=True)

    def key(self, *actions: str) -> Permissions:
        """Yield ``actions`` on the KMS key of the request, or nothing if it has none.

        Policies need the ARN of the key itself, not of its alias (KMS Developer Guide, "Specifying KMS keys in IAM
        policy statements").
        """
        return self.key_in(self.request.region, self.request.kms_key_id, *actions)

    def key_in(self, region: str, reference: str, *actions: str) -> Permissions:
        """Yield ``actions`` on the KMS key ``reference`` in ``region``, or nothing if it is empty."""
        if not reference:
            return iter(())
        arn = self._key_arn(region, reference)
        return _on((arn,), actions, ANY_KEY if arn.endswith("/*") else "")

    def _key_arn(self, region: str, reference: str) -> str:
        for key in self.account.keys.items if self.account.keys else ():
            if key.arn and key.is_called(reference) and region == self.request.region:
                return key.arn
        if ":key/" in reference:
            return reference
        region = reference.split(":")[3] if reference.startswith("arn:") else region
        key_id = "*" if "alias/" in reference else reference
        return f"arn:{self._partition}:kms:{region}:{self._account_id}:key/{key_id}"

    def caller(self) -> Permissions:
        """Yield the actions that simulate the caller's own permissions.

        The result is empty for a caller that AWS cannot simulate, such as root.
        """
        kind, _, name = self.account.caller.principal.partition("/")
        if kind == "user":
            yield from _on((self.account.caller.arn,), ("iam:SimulatePrincipalPolicy",))
        elif kind == "assumed-role":
            name = name.split("/")[0]
            roles = self.account.roles.items if self.account.roles else ()
            arn = next((role.arn for role in roles if role.name == name), "")
            found = (arn,) if arn else (self._iam(f"role/{name}"), self._iam(f"role/*/{name}"))
            reason = "" if arn else CALLER_PATH
            yield from _on(found, ("iam:GetRole", "iam:SimulatePrincipalPolicy"), reason)

    def trails(self, *actions: str) -> Permissions:
        """Yield ``actions`` on all trails, which are optional. A trail of the organization has another account id."""
        return _on((f"arn:{self._partition}:cloudtrail:*:*:trail/*",), actions, ANY_TRAIL, optional=True)

    def alert_rules(self) -> Permissions:
        """Yield the reads of alert rules with their topics and roles in all Regions, which are optional.

        The KMS keys of encrypted topics are left out, because a wildcard would include every key of the account.
        """
        yield from self.account_wide("events:ListRules", "events:TestEventPattern", optional=True)
        here = f"*:{self._account_id}"
        reads: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            (f"events:{here}:rule/*", ANY_RULE, ("events:ListTargetsByRule",)),
            (f"sns:{here}:*", ANY_TOPIC, ("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic")),
            (f"iam::{self._account_id}:role/*", ANY_ROLE, ("iam:GetRole",)),
        )
        for resource, reason, actions in reads:
            yield from _on((f"arn:{self._partition}:{resource}",), actions, reason, optional=True)


def _on(arns: tuple[str, ...], actions: tuple[str, ...], reason: str = "", *, optional: bool = False) -> Permissions:
    """Yield each of ``actions`` on all of ``arns``, or nothing without ARNs."""
    for action in actions if arns else ():
        yield Permission(action, arns, reason, optional)

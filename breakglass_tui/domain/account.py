"""Account: what is known of the AWS account before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from breakglass_tui.domain.problems import Problem

T = TypeVar("T")
MANAGEMENT = (
    "This is the management account of an organization: its service control policies do not bind here.",
    "Prefer a member account kept for emergencies, unless you mean this one.",
)
"""The caution and what to do (Organizations User Guide: SCPs do not affect the management account)."""


@dataclass(frozen=True, slots=True)
class AccountList(Generic[T]):
    """A list read from AWS; ``problem`` says why it could not be read, and then nothing is verified by it."""

    items: tuple[T, ...] = ()
    problem: Problem | None = None

    @property
    def verified(self) -> bool:
        """Whether AWS itself gave this list."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: the answer of sts:GetCallerIdentity, and the account's alias where it may be read."""

    account_id: str
    arn: str
    user_id: str
    alias: str = ""

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``."""
        return self.arn.split(":")[1]

    @property
    def principal(self) -> str:
        """The last part of the ARN, as ``user/ops-admin``."""
        return self.arn.split(":", 5)[-1]


@dataclass(frozen=True, slots=True)
class Region:
    """A Region and whether this account may use it."""

    name: str
    opt_in: str
    description: str = ""

    @property
    def enabled(self) -> bool:
        """Whether the account can use the Region now; ``unverified`` Regions get the benefit of the doubt."""
        return self.opt_in in ("opt-in-not-required", "opted-in", "unverified")


@dataclass(frozen=True, slots=True)
class AdminPolicy:
    """The AWS managed policy AdministratorAccess of this partition, at its default version."""

    arn: str
    version_id: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The account's rules for passwords; the defaults are AWS's own for an account that has set none.

    Source: IAM User Guide, "Set an account password policy": 8 characters, three of four classes.
    """

    minimum_length: int = 8
    uppercase: bool = False
    lowercase: bool = False
    numbers: bool = False
    symbols: bool = False
    users_may_change: bool = False
    max_age_days: int = 0
    hard_expiry: bool = False
    custom: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user as the list of users has it; without ``password_last_used`` AWS knows of no sign-in.

    Source: IAM API, User. AWS has kept that date since October 2014.
    """

    name: str
    path: str = "/"
    id: str = ""
    created: datetime | None = None
    password_last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """An IAM group."""

    name: str
    arn: str


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role and who may assume it today."""

    name: str
    arn: str
    trust: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A KMS key of the chosen Region, and what keeps it from sealing a credential."""

    key_id: str
    arn: str
    aliases: tuple[str, ...] = ()
    state: str = "Enabled"
    usage: str = "ENCRYPT_DECRYPT"
    spec: str = "SYMMETRIC_DEFAULT"
    manager: str = "CUSTOMER"
    description: str = ""

    @property
    def label(self) -> str:
        """The first alias, else the id."""
        return self.aliases[0] if self.aliases else self.key_id

    @property
    def obstacle(self) -> str:
        """Why this key cannot seal, or nothing. States and usages: KMS API, KeyMetadata."""
        if self.manager != "CUSTOMER":
            return "belongs to an AWS service"
        if self.usage != "ENCRYPT_DECRYPT" or self.spec != "SYMMETRIC_DEFAULT":
            return f"wrong type: {self.usage} {self.spec}"
        if self.state != "Enabled":
            return {"PendingDeletion": "pending deletion"}.get(self.state, self.state.lower())
        return ""

    def is_called(self, reference: str) -> bool:
        """Whether ``reference`` (id, key ARN, alias name or alias ARN) names this key."""
        alias_arns = {self.arn.rsplit(":", 1)[0] + ":" + alias for alias in self.aliases}
        return reference in {self.key_id, self.arn, *self.aliases} or reference in alias_arns


@dataclass(frozen=True, slots=True)
class Account:
    """A growing picture: a part that is None has not been read yet.

    ``management``: whether it is its organization's management account; None also where AWS does not say.
    """

    caller: Caller
    region: str
    regions: AccountList[Region] | None = None
    admin_policy: AdminPolicy | Problem | None = None
    password_policy: PasswordPolicy | Problem | None = None
    users: AccountList[User] | None = None
    groups: AccountList[Group] | None = None
    roles: AccountList[Role] | None = None
    keys: AccountList[KmsKey] | None = None
    management: bool | None = None

    @property
    def complete(self) -> bool:
        """Whether every part that a request needs has been read or found unreadable."""
        parts = (self.regions, self.admin_policy, self.password_policy, self.users)
        return all(part is not None for part in (*parts, self.groups, self.roles, self.keys))

    @property
    def user_names(self) -> AccountList[str] | None:
        """The name of every user: one that differs only in case is taken too."""
        return (
            None
            if self.users is None
            else AccountList(tuple(user.name for user in self.users.items), self.users.problem)
        )

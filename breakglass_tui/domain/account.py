"""The AWS account as the program reads it before the operator decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from breakglass_tui.domain.problems import Problem

T = TypeVar("T")
MANAGEMENT = (
    "This is the management account of an organization. Service control policies do not apply to it.",
    "Use a member account that is reserved for emergencies, unless you chose this account on purpose.",
)
"""The warning, and what to do about it. Source: Organizations User Guide, SCPs do not affect the management account."""


@dataclass(frozen=True, slots=True)
class AccountList(Generic[T]):
    """A list read from AWS. If AWS refused the read, ``problem`` has the reason and the list verifies nothing."""

    items: tuple[T, ...] = ()
    problem: Problem | None = None

    @property
    def verified(self) -> bool:
        """Whether AWS returned this list."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller: the result of sts:GetCallerIdentity, and the account alias if the caller may read it."""

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
        """The last part of the ARN, such as ``user/ops-admin``."""
        return self.arn.split(":", 5)[-1]


@dataclass(frozen=True, slots=True)
class Region:
    """A Region, with its opt-in status for this account."""

    name: str
    opt_in: str
    description: str = ""

    @property
    def enabled(self) -> bool:
        """Whether the account can use the Region now. An ``unverified`` Region counts as enabled."""
        return self.opt_in in ("opt-in-not-required", "opted-in", "unverified")


@dataclass(frozen=True, slots=True)
class AdminPolicy:
    """The default version of the AWS managed policy AdministratorAccess in this partition."""

    arn: str
    version_id: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The account's password policy. The defaults are those of AWS for an account without a policy of its own.

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
    """An IAM user as iam:ListUsers returns it. Without ``password_last_used``, AWS has no record of a sign-in.

    Source: IAM API, User. AWS has recorded that date since October 2014.
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


PROTECTED_PATHS = ("aws-service-role/", "aws-reserved/")
"""The paths of roles that only AWS can change: service-linked roles, and roles such as those of IAM Identity Center."""


def role_obstacle(arn: str) -> str:
    """Return why the trust policy of a role cannot be changed, or an empty string if it can.

    AWS refuses the change with UnmodifiableEntity. Sources: IAM API, UpdateAssumeRolePolicy; re:Post,
    "identity-center-aws-reserved-sso".
    """
    path = arn.partition(":role/")[2]
    return "a protected role that only AWS can change" if path.startswith(PROTECTED_PATHS) else ""


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role with its current trust policy."""

    name: str
    arn: str
    trust: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    @property
    def obstacle(self) -> str:
        """Why its trust policy cannot be changed, or an empty string if it can."""
        return role_obstacle(self.arn)


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A KMS key in the chosen Region, and what prevents it from sealing a credential."""

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
        """The first alias. Without an alias, the id."""
        return self.aliases[0] if self.aliases else self.key_id

    @property
    def obstacle(self) -> str:
        """Why this key cannot seal, or an empty string if it can. Source of states and usages: KMS API, KeyMetadata."""
        if self.manager != "CUSTOMER":
            return "belongs to an AWS service"
        if self.usage != "ENCRYPT_DECRYPT" or self.spec != "SYMMETRIC_DEFAULT":
            return f"wrong type: {self.usage} {self.spec}"
        if self.state != "Enabled":
            return {"PendingDeletion": "pending deletion"}.get(self.state, self.state.lower())
        return ""

    def is_called(self, reference: str) -> bool:
        """Return whether ``reference`` (id, key ARN, alias name or alias ARN) names this key."""
        alias_arns = {self.arn.rsplit(":", 1)[0] + ":" + alias for alias in self.aliases}
        return reference in {self.key_id, self.arn, *self.aliases} or reference in alias_arns


@dataclass(frozen=True, slots=True)
class Account:
    """The account as read so far. A part that is None has not been read yet.

    ``management`` is whether this is the management account of its organization. It is also None if AWS does not
    report that.
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
        """Whether every part that a request needs has been read or is known to be unreadable."""
        parts = (self.regions, self.admin_policy, self.password_policy, self.users)
        return all(part is not None for part in (*parts, self.groups, self.roles, self.keys))

    @property
    def user_names(self) -> AccountList[str] | None:
        """The names of all users. IAM treats names that differ only in case as the same name."""
        return (
            None
            if self.users is None
            else AccountList(tuple(user.name for user in self.users.items), self.users.problem)
        )

"""What the program reads about an AWS account before the operator makes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Generic, TypeVar

from breakglass_tui.domain.fast_dataclass import dataclass
from breakglass_tui.domain.problems import Problem

T = TypeVar("T")
MANAGEMENT = (
    "This is the management account of an organization. Service control policies do not apply to it.",
    "Use a member account that is reserved for emergencies, unless you chose this account on purpose.",
)
"""The warning about a management account, then the advice.

Source: Organizations User Guide, SCPs do not affect the management account.
"""


@dataclass(frozen=True)
class AccountList(Generic[T]):
    """A list that was read from AWS. If the read failed, ``problem`` is the reason.

    After a failed read, ``items`` is empty. Only for Regions, it then has those that botocore knows.
    """

    items: tuple[T, ...] = ()
    problem: Problem | None = None

    @property
    def verified(self) -> bool:
        """Whether AWS returned this list."""
        return self.problem is None


@dataclass(frozen=True)
class Caller:
    """The identity behind the credentials, from sts:GetCallerIdentity.

    ``alias`` is the account alias if it can be read.
    """

    account_id: str
    arn: str
    user_id: str
    alias: str = ""

    @property
    def partition(self) -> str:
        """The partition of the caller, such as ``aws`` or ``aws-us-gov``."""
        return self.arn.split(":")[1]

    @property
    def principal(self) -> str:
        """The part of the ARN after the account id, such as ``user/ops-admin``."""
        return self.arn.split(":", 5)[-1]


@dataclass(frozen=True)
class Region:
    """A Region.

    ``opt_in`` is its opt-in status in EC2's DescribeRegions, or ``unverified`` if AWS did not return one.
    """

    name: str
    opt_in: str
    description: str = ""

    @property
    def enabled(self) -> bool:
        """Whether the account can use the Region now. An ``unverified`` Region counts as enabled."""
        return self.opt_in in ("opt-in-not-required", "opted-in", "unverified")


@dataclass(frozen=True)
class AdminPolicy:
    """The default version of the AWS managed policy AdministratorAccess in the partition of the account."""

    arn: str
    version_id: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class PasswordPolicy:
    """The account's password policy. ``custom`` is False for the AWS default, which the field defaults describe.

    AWS's default policy requires 8 characters, and three of four classes of characters. The fields cannot express the
    classes. ``max_age_days`` is 0 if passwords do not expire. Source: IAM User Guide, "Set an account password policy".
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


@dataclass(frozen=True)
class User:
    """An IAM user as iam:ListUsers returns it.

    ``password_last_used`` is None if AWS has no record of a console sign-in. AWS records this date since October 2014.
    Source: IAM API, User.
    """

    name: str
    path: str = "/"
    id: str = ""
    created: datetime | None = None
    password_last_used: datetime | None = None


@dataclass(frozen=True)
class Group:
    """An IAM group."""

    name: str
    arn: str


PROTECTED_PATHS = ("aws-service-role/", "aws-reserved/")
"""Starts of paths of roles that only AWS can change: service-linked roles, and the roles of IAM Identity Center."""


def role_obstacle(arn: str) -> str:
    """Return why the trust policy of the role ``arn`` cannot be changed, or an empty string if it can.

    AWS refuses the change with UnmodifiableEntity. Sources: IAM API, UpdateAssumeRolePolicy; re:Post,
    "identity-center-aws-reserved-sso".
    """
    path = arn.partition(":role/")[2]
    return "a protected role that only AWS can change" if path.startswith(PROTECTED_PATHS) else ""


@dataclass(frozen=True)
class Role:
    """An IAM role. ``trust`` is its current trust policy."""

    name: str
    arn: str
    trust: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    @property
    def obstacle(self) -> str:
        """Why the role's trust policy cannot be changed, or an empty string if it can."""
        return role_obstacle(self.arn)


@dataclass(frozen=True)
class KmsKey:
    """A KMS key of the chosen Region, with values of KMS KeyMetadata. ``obstacle`` says whether it can seal secrets."""

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
        """The name to show: the first alias, or the key id if there is no alias."""
        return self.aliases[0] if self.aliases else self.key_id

    @property
    def obstacle(self) -> str:
        """Why this key cannot seal secrets, or an empty string if it can.

        Source of states and usages: KMS API, KeyMetadata.
        """
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


@dataclass(frozen=True)
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
        """Whether every part except ``management`` was read, or AWS refused to show it."""
        parts = (self.regions, self.admin_policy, self.password_policy, self.users)
        return all(part is not None for part in (*parts, self.groups, self.roles, self.keys))

    @property
    def user_names(self) -> AccountList[str] | None:
        """The names of all users, or None if the users have not been read yet."""
        return (
            None
            if self.users is None
            else AccountList(tuple(user.name for user in self.users.items), self.users.problem)
        )

"""What the checks of one user read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import read_keys
from breakglass_tui.aws.checks.expectation import listed, needed, settled
from breakglass_tui.aws.checks.login_profile import read_console
from breakglass_tui.aws.checks.memoized_read import MemoizedRead
from breakglass_tui.aws.checks.mfa_device_list import read_devices
from breakglass_tui.aws.checks.mfa_session import mfa_session
from breakglass_tui.aws.clients import Clients
from breakglass_tui.engine.cloud import Subject


class UserReads:
    """Each made when the first check asks for it, and only then; a user that is not there ends in a ``Problem``."""

    def __init__(self, clients: Clients, subject: Subject) -> None:
        self.user = MemoizedRead(lambda api: _user(api, subject))
        self.keys = MemoizedRead(lambda api: needed(read_keys(api, subject)))
        self.profile = MemoizedRead(lambda api: read_console(api, subject))
        self.devices = MemoizedRead(lambda api: needed(read_devices(api, subject)))
        self.groups = MemoizedRead(lambda api: needed(_groups(api, subject)))
        self.session = MemoizedRead(lambda api: mfa_session(api, clients, subject))


@dataclass(frozen=True)
class UserCheck:
    """One check of ``subject``; what it reads together with others is in ``reads``."""

    clients: Clients
    subject: Subject
    reads: UserReads | None = field(default=None, kw_only=True)

    def shared(self) -> UserReads:
        """The reads of this validation; a check that is run alone has its own."""
        return self.reads or UserReads(self.clients, self.subject)


def _user(api: Api, subject: Subject) -> Mapping[str, Any]:
    """The user (GetUser)."""
    answers: list[Mapping[str, Any]] = []

    def there() -> bool:
        answers.append((api.found("iam:GetUser", UserName=subject.user_name) or {}).get("User", {}))
        return bool(answers[-1])

    return needed(answers[-1] if settled(api.context, subject, there) else None)


def _groups(api: Api, subject: Subject) -> list[str] | None:
    """The names of the user's groups, or None when there is no such user. Waits for those that were asked for."""
    answers: list[list[str] | None] = []
    wanted = set(subject.request.groups) if subject.request else set[str]()

    def there() -> bool:
        groups = listed(api, "iam:ListGroupsForUser", "Groups", subject)
        answers.append(None if groups is None else [str(group["GroupName"]) for group in groups])
        return wanted <= set(answers[-1] or ())

    settled(api.context, subject, there)
    return answers[-1]

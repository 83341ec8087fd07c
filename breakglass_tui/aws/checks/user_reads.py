"""The reads of AWS that several checks of one user share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.access_key import read_keys
from breakglass_tui.aws.checks.iam_user import list_of_user, require_user, wait_until_present
from breakglass_tui.aws.checks.login_profile import read_login_profile
from breakglass_tui.aws.checks.memoized_read import MemoizedRead
from breakglass_tui.aws.checks.mfa_device_list import read_devices
from breakglass_tui.aws.checks.mfa_session import mfa_session
from breakglass_tui.aws.checks.own_session import own_session
from breakglass_tui.aws.checks.trail_state import read_trails
from breakglass_tui.aws.checks.user_policies import read_policies
from breakglass_tui.aws.clients import Clients
from breakglass_tui.engine.cloud import Subject


class UserReads:
    """The shared reads of one validation. Each is made when the first check needs it.

    All but ``profile``, ``session``, ``own`` and ``trails`` raise ``Problem`` if the user does not exist.
    """

    def __init__(self, clients: Clients, subject: Subject) -> None:
        self.user = MemoizedRead(lambda api: _user(api, subject))
        self.keys = MemoizedRead(lambda api: require_user(read_keys(api, subject)))
        self.profile = MemoizedRead(lambda api: read_login_profile(api, subject))
        self.devices = MemoizedRead(lambda api: require_user(read_devices(api, subject)))
        self.groups = MemoizedRead(lambda api: require_user(_groups(api, subject)))
        self.session = MemoizedRead(lambda api: mfa_session(api, clients, subject))
        self.own = MemoizedRead(lambda api: own_session(clients, subject, lambda: self.session.get(api)))
        self.trails = MemoizedRead(lambda api: read_trails(api.in_region(chosen_region(subject))))
        self.policies = MemoizedRead(lambda api: read_policies(api, subject, self.user.get(api), self.groups.get(api)))


@dataclass(frozen=True)
class UserCheck:
    """The base class of a check of ``subject``. ``reads`` are the reads that it shares with other checks."""

    clients: Clients
    subject: Subject
    reads: UserReads | None = field(default=None, kw_only=True)

    def shared(self) -> UserReads:
        """Return the shared reads of this validation. A check without them gets reads of its own."""
        return self.reads or UserReads(self.clients, self.subject)


def chosen_region(subject: Subject) -> str:
    """Return the Region of the request, or the Region of the account if there is no request."""
    return subject.request.region if subject.request else subject.account.region


def _user(api: Api, subject: Subject) -> Mapping[str, Any]:
    """Return the user from GetUser. Raises ``Problem`` if the user does not exist."""
    answers: list[Mapping[str, Any]] = []

    def present() -> bool:
        answers.append((api.find("iam:GetUser", UserName=subject.user_name) or {}).get("User", {}))
        return bool(answers[-1])

    return require_user(answers[-1] if wait_until_present(api.context, subject, present) else None)


def _groups(api: Api, subject: Subject) -> list[str] | None:
    """Return the names of the user's groups, or None if the user does not exist. Waits for the requested groups."""
    answers: list[list[str] | None] = []
    requested = set(subject.request.groups) if subject.request else set[str]()

    def present() -> bool:
        groups = list_of_user(api, "iam:ListGroupsForUser", "Groups", subject)
        answers.append(None if groups is None else [str(group["GroupName"]) for group in groups])
        return requested <= set(answers[-1] or ())

    wait_until_present(api.context, subject, present)
    return answers[-1]

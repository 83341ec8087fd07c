"""World: everything one simulated account holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.iam.models import IAMBackend, Role, User, iam_backends
from moto.kms.models import KmsBackend

PARTITION = "aws"
WORLD_KEY = "breakglass_tui.demo.world"
"""Under this name a request's WSGI environment carries the world it is asked of."""


@dataclass(frozen=True)
class SimulatedCaller:
    """Who signed a request. ``context`` has the condition keys that came with the credentials."""

    arn: str
    user_id: str
    secret: str = field(repr=False)
    identity: User | Role
    token: str = field(default="", repr=False)
    context: dict[str, str] = field(default_factory=dict)
    expires: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether temporary credentials have run out."""
        return self.expires is not None and datetime.now(UTC) > self.expires


@dataclass
class SimulatedTrail:
    """A CloudTrail trail; ``everywhere`` is one of all Regions, with the events of global services."""

    name: str
    home: str
    bucket: str
    everywhere: bool = True
    logging: bool = True


@dataclass
class SimulatedRule:
    """A rule of the default event bus, and whom it tells."""

    name: str
    pattern: str = ""
    state: str = "ENABLED"
    targets: dict[str, dict[str, str]] = field(default_factory=dict)


class World:
    """The state of one account: moto's backends, temporary credentials, MFA codes already used, trails and rules.

    ``management_account`` is that of the account's organization, if it belongs to one.
    """

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.iam = IAMBackend(PARTITION, account_id)
        self.sessions: dict[str, SimulatedCaller] = {}
        self.used_periods: dict[str, int] = {}
        self.device_tags: dict[str, dict[str, str]] = {}
        self.trails: list[SimulatedTrail] = []
        self.rules: dict[str, dict[str, SimulatedRule]] = {}
        self.management_account = ""
        self._kms: dict[str, KmsBackend] = {}

    def kms(self, region: str) -> KmsBackend:
        """The keys of a Region. Not from moto's own table: filling it reads the AWS configuration of the machine."""
        if region not in self._kms:
            self._kms[region] = KmsBackend(region, self.account_id)
        return self._kms[region]

    def mount(self) -> None:
        """Make this world the one that moto's models look themselves up in; the caller holds the lock."""
        iam_backends[self.account_id][PARTITION] = self.iam

    def caller(self, access_key_id: str) -> SimulatedCaller | None:
        """Whose key this is; none if it does not exist or is not active."""
        for user in self.iam.users.values():
            for key in user.access_keys:
                if key.access_key_id == access_key_id and key.status == "Active":
                    return SimulatedCaller(user.arn, user.id, key.secret_access_key, user)
        return self.sessions.get(access_key_id)

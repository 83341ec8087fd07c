"""The state of one simulated account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from moto.iam.models import IAMBackend, Role, User, iam_backends
from moto.kms.models import KmsBackend

from breakglass_tui.demo.credential_world import SimulatedPassword, SimulatedReport
from breakglass_tui.demo.event_history import EventHistory
from breakglass_tui.demo.notification_world import SimulatedRule, SimulatedTopic, SimulatedTrail

PARTITION = "aws"
"""The AWS partition of the account."""
WORLD_KEY = "breakglass_tui.demo.world"
"""The key in the WSGI environment of a request that has the state of the account."""


@dataclass(frozen=True)
class SimulatedCaller:
    """The principal whose key signed a request. ``context`` has the values of the condition keys of the credentials.

    ``barred_from_iam`` marks a session of GetSessionToken without MFA, which cannot call IAM.
    """

    arn: str
    user_id: str
    secret: str = field(repr=False)
    identity: User | Role
    token: str = field(default="", repr=False)
    context: dict[str, str] = field(default_factory=dict)
    expires: datetime | None = None
    barred_from_iam: bool = False

    @property
    def expired(self) -> bool:
        """Whether these are temporary credentials that have expired."""
        return self.expires is not None and datetime.now(UTC) > self.expires


class World:
    """The state of one simulated account: IAM and KMS of moto, and what moto does not have.

    ``management_account`` is the id of the management account of its organization, or "".
    """

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.iam = IAMBackend(PARTITION, account_id)
        self.sessions: dict[str, SimulatedCaller] = {}
        self.used_periods: dict[str, int] = {}
        self.out_of_sync: set[str] = set()
        self.device_tags: dict[str, dict[str, str]] = {}
        self.passwords: WeakKeyDictionary[User, SimulatedPassword] = WeakKeyDictionary()
        self.report: SimulatedReport | None = None
        self.trails: list[SimulatedTrail] = []
        self.rules: dict[str, dict[str, SimulatedRule]] = {}
        self.topics: dict[str, SimulatedTopic] = {}
        self.event_history = EventHistory()
        self.management_account = ""
        self._kms: dict[str, KmsBackend] = {}

    def kms(self, region: str) -> KmsBackend:
        """Return the KMS keys of ``region``.

        They are not in moto's own table, because moto reads the AWS configuration to fill that.
        """
        if region not in self._kms:
            self._kms[region] = KmsBackend(region, self.account_id)
        return self._kms[region]

    def mount(self) -> None:
        """Make this account the one that moto's models use. The caller must hold the lock of moto."""
        iam_backends[self.account_id][PARTITION] = self.iam

    def confirmation_tokens(self, endpoint: str) -> dict[str, str]:
        """Return the token of each pending subscription of ``endpoint``, by the ARN of the topic."""
        return {
            topic.arn: subscription.token
            for topic in self.topics.values()
            for subscription in topic.subscriptions
            if subscription.endpoint == endpoint and subscription.pending
        }

    def caller(self, access_key_id: str) -> SimulatedCaller | None:
        """Return the principal that owns this access key, or None if the key does not exist or is not active."""
        for user in self.iam.users.values():
            for key in user.access_keys:
                if key.access_key_id == access_key_id and key.status == "Active":
                    return SimulatedCaller(user.arn, user.id, key.secret_access_key, user)
        return self.sessions.get(access_key_id)

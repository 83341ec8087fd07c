"""Clients: one boto3 session, its clients made once and shared by all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from breakglass_tui import __version__
from breakglass_tui.domain.endpoints import on_loopback

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 10
READ_ATTEMPTS = 3
WRITE_TIMEOUT_S = 60
POOL = 16


class Clients:
    """Clients by service, Region and purpose. Sessions are not thread-safe, clients are (boto3 guide, Session)."""

    def __init__(
        self,
        session: boto3.Session,
        *,
        endpoint_url: str | None,
        keys: tuple[str | None, str | None, str | None] = (None, None, None),
        look_again: Callable[[], boto3.Session] | None = None,
    ) -> None:
        """``look_again`` reads the credentials afresh; without it these clients keep what they have."""
        self.look_again = look_again
        self.renewing = threading.Lock()
        self.generation = 0
        self._session = session
        self._endpoint_url = endpoint_url
        self._keys = keys
        self._made: dict[tuple[str, str, bool], Any] = {}
        self._lock = threading.Lock()
        self.region = str(session.region_name)

    def get(self, service: str, *, region: str = "", writes: bool) -> Any:
        """The client for ``service``. One that writes sends each request exactly once.

        CreateAccessKey has no idempotency token: botocore's own retry of a lost answer makes a second key.
        """
        name = (service, region or self.region, writes)
        with self._lock:
            if name not in self._made:
                self._made[name] = self._session.client(
                    service,
                    region_name=name[1],
                    endpoint_url=self._endpoint_url,
                    aws_access_key_id=self._keys[0],
                    aws_secret_access_key=self._keys[1],
                    aws_session_token=self._keys[2],
                    config=_config(writes=writes, proxied=self.leaves_this_machine),
                )
            return self._made[name]

    @property
    def leaves_this_machine(self) -> bool:
        """Whether the calls go further than to a simulator on loopback."""
        return not on_loopback(self._endpoint_url or "")

    def ca_bundle(self) -> str:
        """The file of certificate authorities that these clients trust, or nothing: the public list."""
        # What botocore was told in the environment and in files; it keeps the outcome to itself.
        trusted = self.get("sts", writes=False)._endpoint.http_session._verify  # noqa: SLF001 - see above
        return trusted if isinstance(trusted, str) else ""

    def source(self) -> str:
        """botocore's name of where the credentials come from, as ``env`` or ``sso``."""
        with self._lock:
            return str(getattr(self._session.get_credentials(), "method", ""))

    def with_session(self, session: boto3.Session) -> Clients:
        """Clients of other credentials for the same endpoint, for asking whose those are."""
        return Clients(session, endpoint_url=self._endpoint_url)

    def take(self, session: boto3.Session) -> None:
        """From now on use the credentials of ``session``; calls in flight end with the old ones."""
        with self._lock:
            self._session = session
            self._made.clear()
            self.generation += 1

    def as_user(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> Clients:
        """Clients that act with another access key or temporary credentials, for proving that they work.

        They share the session, whose settings of proxy and certificates hold for them too, and its lock.
        """
        keys = (access_key_id, secret_access_key, session_token)
        clients = Clients(self._session, endpoint_url=self._endpoint_url, keys=keys)
        clients._lock = self._lock
        return clients


def _config(*, writes: bool, proxied: bool) -> Config:
    """Proxies of the environment do not lead to this machine itself.

    Mode and count are both set: with the mode alone, AWS_MAX_ATTEMPTS from the environment would win."""
    return Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=WRITE_TIMEOUT_S if writes else READ_TIMEOUT_S,
        max_pool_connections=POOL,
        tcp_keepalive=True,
        ignore_configured_endpoint_urls=True,
        proxies=None if proxied else {},
        user_agent_extra=f"breakglass-tui/{__version__}",
        retries={"mode": "standard", "total_max_attempts": 1 if writes else READ_ATTEMPTS},
    )

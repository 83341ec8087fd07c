"""boto3 clients that are created once and shared by all threads."""

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
    """boto3 clients by service, Region and purpose (read or write).

    All threads share them: boto3 clients are thread-safe, but sessions are not (boto3 guide, Session).
    """

    def __init__(
        self,
        session: boto3.Session,
        *,
        endpoint_url: str | None,
        keys: tuple[str | None, str | None, str | None] = (None, None, None),
        reload_session: Callable[[], boto3.Session] | None = None,
        profile: str | None = None,
        chosen_region: str | None = None,
        demo: bool = False,
    ) -> None:
        """Create clients from ``session`` on demand.

        ``reload_session`` reads the credentials again. Without it, these clients keep the credentials that they have.
        ``keys`` (access key id, secret, session token) replace the credentials of ``session``. ``profile`` and
        ``chosen_region`` are what the operator chose on the command line of this program. ``demo`` means that the
        account is the simulated account of ``--demo``.
        """
        self.reload_session = reload_session
        self.renewal_lock = threading.Lock()
        self.generation = 0
        self._session = session
        self._endpoint_url = endpoint_url
        self._profile = profile
        self._chosen_region = chosen_region
        self._demo = demo
        self._keys = keys
        self._clients: dict[tuple[str, str, bool], Any] = {}
        self._lock = threading.Lock()
        self.region = str(session.region_name)

    def get(self, service: str, *, region: str = "", writes: bool) -> Any:
        """Return the client for ``service``. A client for writes sends each request exactly once.

        CreateAccessKey has no idempotency token, so a retry of botocore after a lost answer would create a second key.
        """
        name = (service, region or self.region, writes)
        with self._lock:
            if name not in self._clients:
                self._clients[name] = self._session.client(
                    service,
                    region_name=name[1],
                    endpoint_url=self._endpoint_url,
                    aws_access_key_id=self._keys[0],
                    aws_secret_access_key=self._keys[1],
                    aws_session_token=self._keys[2],
                    config=_config(writes=writes, proxied=self.leaves_this_machine),
                )
            return self._clients[name]

    def load(self, service: str, *, writes: bool) -> None:
        """Load the data of ``service`` without the lock, so that other threads can get clients. Then create its client.

        Later calls of ``get`` for the service do not wait for the data.
        """
        # boto3 has no public way to load the data that create_client loads and keeps.
        self._session._session.get_component("data_loader").load_service_model(service, "service-2")  # noqa: SLF001 - see above
        self.get(service, writes=writes)

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint that the operator chose for all calls, or None for AWS itself."""
        return self._endpoint_url

    @property
    def cli_options(self) -> tuple[str, ...]:
        """The AWS CLI options for the profile, the Region and the endpoint that the operator chose."""
        return (*self.profile_options, *self.region_options, *self.endpoint_options)

    @property
    def profile_options(self) -> tuple[str, ...]:
        """The option for the profile that the operator chose, valid for the AWS CLI and for this program.

        Empty without one.
        """
        return ("--profile", self._profile) if self._profile else ()

    @property
    def region_options(self) -> tuple[str, ...]:
        """The option for the Region that the operator chose. Empty without one.

        Without a Region, the AWS CLI calls the IAM of the partition ``aws``.
        """
        return ("--region", self._chosen_region) if self._chosen_region else ()

    @property
    def endpoint_options(self) -> tuple[str, ...]:
        """The option for the endpoint that the operator chose. Empty for AWS itself."""
        return ("--endpoint-url", self._endpoint_url) if self._endpoint_url else ()

    @property
    def program_options(self) -> tuple[str, ...]:
        """The global options of this program for the same account. In a command line they go before the command."""
        demo, endpoint = (("--demo",), ()) if self._demo else ((), self.endpoint_options)
        return (*demo, *self.profile_options, *self.region_options, *endpoint)

    @property
    def demo(self) -> bool:
        """Whether the account is the simulated account of ``--demo``, which ends with this process."""
        return self._demo

    @property
    def leaves_this_machine(self) -> bool:
        """Whether the calls go to a host other than loopback, where only a simulator can run."""
        return not on_loopback(self._endpoint_url or "")

    def ca_bundle(self) -> str:
        """Return the path of the CA bundle that these clients trust, or "" for the public CAs."""
        # botocore reads this from the environment and from files, and has no public attribute for the result.
        trusted = self.get("sts", writes=False)._endpoint.http_session._verify  # noqa: SLF001 - see above
        return trusted if isinstance(trusted, str) else ""

    def source(self) -> str:
        """Return botocore's name for the source of the credentials, for example ``env`` or ``sso``.

        "" if it has none.
        """
        with self._lock:
            return str(getattr(self._session.get_credentials(), "method", ""))

    def with_session(self, session: boto3.Session) -> Clients:
        """Return clients with the credentials of ``session`` and the same endpoint, to find out their account."""
        return Clients(session, endpoint_url=self._endpoint_url)

    def use_session(self, session: boto3.Session) -> None:
        """Use the credentials of ``session`` for all later calls. Calls in flight end with the old credentials."""
        with self._lock:
            self._session = session
            self._clients.clear()
            self.generation += 1

    def as_user(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> Clients:
        """Return clients with another access key or temporary credentials, to test that these work.

        They share the session, so its proxy and certificate settings apply to them too.
        """
        keys = (access_key_id, secret_access_key, session_token)
        clients = Clients(self._session, endpoint_url=self._endpoint_url, keys=keys)
        clients._lock = self._lock
        return clients


def _config(*, writes: bool, proxied: bool) -> Config:
    """Return the botocore configuration of a client. Without ``proxied``, the client ignores the environment's proxies.

    Retry mode and count are both set, because botocore reads AWS_MAX_ATTEMPTS if only the mode is set.
    """
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

"""boto3 clients: one session, whose clients are created once and shared by all threads."""

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
        reload_session: Callable[[], boto3.Session] | None = None,
        profile: str | None = None,
        chosen_region: str | None = None,
        demo: bool = False,
    ) -> None:
        """``reload_session`` reads the credentials again. Without it these clients keep the credentials they have.

        ``profile`` and ``chosen_region`` are what the operator chose on the command line of this program. ``demo``
        means that the account is the simulated one of ``--demo``.
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
        """Return the client for ``service``. A client that writes sends each request exactly once.

        CreateAccessKey has no idempotency token: botocore's own retry of a lost answer creates a second key.
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

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint that the operator chose for all calls, or None for AWS itself."""
        return self._endpoint_url

    @property
    def cli_options(self) -> tuple[str, ...]:
        """The global options of the AWS CLI for the profile, the Region and the endpoint that the operator chose."""
        return (*self.profile_options, *self.region_options, *self.endpoint_options)

    @property
    def profile_options(self) -> tuple[str, ...]:
        """The profile that the operator chose, as options of the AWS CLI or of this program."""
        return ("--profile", self._profile) if self._profile else ()

    @property
    def region_options(self) -> tuple[str, ...]:
        """The Region that the operator chose. In a shell without one, the AWS CLI calls IAM of the partition aws."""
        return ("--region", self._chosen_region) if self._chosen_region else ()

    @property
    def endpoint_options(self) -> tuple[str, ...]:
        """The endpoint that the operator chose."""
        return ("--endpoint-url", self._endpoint_url) if self._endpoint_url else ()

    @property
    def program_options(self) -> tuple[str, ...]:
        """The global options of this program for the same account. They go before the command."""
        demo, endpoint = (("--demo",), ()) if self._demo else ((), self.endpoint_options)
        return (*demo, *self.profile_options, *self.region_options, *endpoint)

    @property
    def leaves_this_machine(self) -> bool:
        """Whether the calls go to a host other than loopback, where a simulator can run."""
        return not on_loopback(self._endpoint_url or "")

    def ca_bundle(self) -> str:
        """Return the path of the CA bundle that these clients trust, or "" for the public list of CAs."""
        # botocore reads this from the environment and from files, and has no public attribute for the result.
        trusted = self.get("sts", writes=False)._endpoint.http_session._verify  # noqa: SLF001 - see above
        return trusted if isinstance(trusted, str) else ""

    def source(self) -> str:
        """Return botocore's name for the source of the credentials, for example ``env`` or ``sso``."""
        with self._lock:
            return str(getattr(self._session.get_credentials(), "method", ""))

    def with_session(self, session: boto3.Session) -> Clients:
        """Return clients with other credentials for the same endpoint, to identify their account."""
        return Clients(session, endpoint_url=self._endpoint_url)

    def use_session(self, session: boto3.Session) -> None:
        """Use the credentials of ``session`` for all later calls. Calls in flight end with the old ones."""
        with self._lock:
            self._session = session
            self._clients.clear()
            self.generation += 1

    def as_user(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> Clients:
        """Return clients that use another access key or temporary credentials, to test that those work.

        They share the session and its lock. The proxy and certificate settings of the session apply to them too.
        """
        keys = (access_key_id, secret_access_key, session_token)
        clients = Clients(self._session, endpoint_url=self._endpoint_url, keys=keys)
        clients._lock = self._lock
        return clients


def _config(*, writes: bool, proxied: bool) -> Config:
    """Return the configuration of a client. Calls to loopback do not use the proxies of the environment.

    Mode and count are both set: with the mode alone, AWS_MAX_ATTEMPTS from the environment would win.
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

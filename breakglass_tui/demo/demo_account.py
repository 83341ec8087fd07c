"""A simulated AWS account inside this process, which refuses what AWS refuses."""

from __future__ import annotations

import base64
import secrets
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from breakglass_tui.secrets.secret import Secret

if TYPE_CHECKING:
    from breakglass_tui.demo.server import DemoServer


KEY_ID_PREFIX = "AKIARZPUZDIK"
"""The start of all ids of access keys of the account, which encodes the account id (as moto encodes it)."""
KEY_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class DemoAccount:
    """A simulated account with an endpoint for boto3. Each start has fresh contents and a new access key.

    ``delay_s`` is added to the duration of each request, in seconds. Concurrent requests are delayed in parallel.
    """

    account_id = "123456789012"
    default_region = "eu-west-1"

    def __init__(self, delay_s: float = 0) -> None:
        self.access_key_id, self.secret_access_key = _new_key()
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._server: DemoServer | None = None

    def start(self) -> str:
        """Start the account, which takes about a second, and return its endpoint URL.

        A second call returns the same URL.
        """
        with self._lock:
            if self._server is None:
                # The import of moto takes most of a second, so only a demo imports it.
                from breakglass_tui.demo.seed import seeded_world
                from breakglass_tui.demo.server import DemoServer

                world = seeded_world(self.account_id, self.access_key_id, self.secret_access_key)
                self._server = DemoServer(world, self._delay_s)
            return self._server.url

    def sign_in(self, user_name: str, password: Secret, new_password: Secret) -> None:
        """Sign in with a temporary password and replace it, as on the sign-in page of the console.

        Raises ``Problem``.
        """
        from breakglass_tui.demo.sign_in_page import sign_in

        self.start()
        with self._lock:
            if self._server is not None:
                old, new = password.reveal(), new_password.reveal()
                self._server.run_locked(lambda world: sign_in(world, user_name, old, new))

    def confirmation_tokens(self, endpoint: str) -> dict[str, str]:
        """Return the tokens that SNS sent to ``endpoint`` to confirm subscriptions, by the ARN of the topic."""
        self.start()
        with self._lock:
            server = self._server
        return server.run_locked(lambda world: world.confirmation_tokens(endpoint)) if server else {}

    def console_session(self, user_name: str) -> dict[str, Any]:
        """Return the credentials that ``aws login`` gets for a user who has just signed in to the console.

        The keys are those of STS: ``AccessKeyId``, ``SecretAccessKey``, ``SessionToken`` and ``Expiration``.
        """
        from breakglass_tui.demo.overlay.sessions import console_session

        self.start()
        with self._lock:
            server = self._server
            return server.run_locked(lambda world: console_session(world, user_name)) if server is not None else {}

    def age_password(self, user_name: str, days: int) -> None:
        """Make the user's console password ``days`` old, as if nothing had happened since it was set."""
        from breakglass_tui.demo.overlay.password_age import age_password

        self.start()
        with self._lock:
            if self._server is not None:
                self._server.run_locked(lambda world: age_password(world, user_name, days))

    def stop(self) -> None:
        """Stop the account and discard its contents. Does nothing if it is not running."""
        with self._lock:
            server, self._server = self._server, None
            self.access_key_id, self.secret_access_key = _new_key()
        if server is not None:
            server.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _new_key() -> tuple[str, str]:
    """Return a random access key in the form of AWS: its id and its secret."""
    tail = "".join(secrets.choice(KEY_ID_ALPHABET) for _ in range(8))
    return KEY_ID_PREFIX + tail, base64.b64encode(secrets.token_bytes(30)).decode()

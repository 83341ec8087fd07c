"""DemoAccount: a simulated AWS account that lives in this process, as strict as the real one."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from breakglass_tui.demo.server import DemoServer
    from breakglass_tui.secrets.secret import Secret


class DemoAccount:
    """Start it, point boto3 at the endpoint it answers, stop it; every start begins with fresh contents.

    ``delay_s`` makes each request take that much longer; requests wait side by side.
    """

    account_id = "123456789012"
    default_region = "eu-west-1"
    access_key_id = "AKIARZPUZDIKDEMOOPSA"
    secret_access_key = "demo+only/not-a-secret+0123456789abcdefg"  # noqa: S105 - opens the simulated account only

    def __init__(self, delay_s: float = 0) -> None:
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._server: DemoServer | None = None

    def start(self) -> str:
        """The endpoint URL of the seeded account; a second call answers the same one. Takes about a second."""
        with self._lock:
            if self._server is None:
                # moto takes most of a second to import: only a demo pays for it.
                from breakglass_tui.demo.seed import seeded_world
                from breakglass_tui.demo.server import DemoServer

                world = seeded_world(self.account_id, self.access_key_id, self.secret_access_key)
                self._server = DemoServer(world, self._delay_s)
            return self._server.url

    def sign_in(self, user_name: str, password: Secret, new_password: Secret) -> None:
        """What the console's sign-in page does with a temporary password; raises ``Problem``."""
        from breakglass_tui.demo.sign_in_page import sign_in

        self.start()
        with self._lock:
            if self._server is not None:
                self._server.within(lambda world: sign_in(world, user_name, password.reveal(), new_password.reveal()))

    def stop(self) -> None:
        """Close the port and forget everything; harmless when it is not running."""
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

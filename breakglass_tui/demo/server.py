"""The server of the simulated account: one port on loopback that accepts only AWS requests signed with its keys."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from moto.core.request import Request
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wrappers import Response

from breakglass_tui.demo.overlay.account_regions import DemoAccountService
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.cloudtrail import DemoCloudTrail
from breakglass_tui.demo.overlay.ec2 import DemoEc2
from breakglass_tui.demo.overlay.eventbridge import DemoEventBridge
from breakglass_tui.demo.overlay.iam import DemoIam
from breakglass_tui.demo.overlay.kms import DemoKms
from breakglass_tui.demo.overlay.organizations import DemoOrganizations
from breakglass_tui.demo.overlay.sns import DemoSns
from breakglass_tui.demo.overlay.sts import DemoSts
from breakglass_tui.demo.request_gate import GatedRequestHandler
from breakglass_tui.demo.world import WORLD_KEY, World

SERVICES = {
    "account": DemoAccountService,
    "cloudtrail": DemoCloudTrail,
    "ec2": DemoEc2,
    "events": DemoEventBridge,
    "iam": DemoIam,
    "kms": DemoKms,
    "organizations": DemoOrganizations,
    "sns": DemoSns,
    "sts": DemoSts,
}
LOG = logging.getLogger(__name__)
T = TypeVar("T")

_MOTO_LOCK = threading.Lock()
"""Guards the state of moto, which the whole process shares and which has no lock of its own."""
_SCOPE = re.compile(r"Credential=[^/,]+/[0-9]{8}/[a-z0-9-]+/(?P<service>[a-z0-9-]+)/aws4_request")


class _Request(Request):
    from_wsgi_server = True


class _QuietServer(ThreadedWSGIServer):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Do nothing. werkzeug would print over the screen of the app."""


class DemoServer:
    """An HTTP server for one simulated account, on 127.0.0.1 and a port that the system chooses."""

    def __init__(self, world: World, delay_s: float) -> None:
        self._world = world
        self._delay_s = delay_s
        self._server = _QuietServer("127.0.0.1", 0, self._serve, GatedRequestHandler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-account", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint URL for clients of the simulated account."""
        return f"http://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Stop the server and free its port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def run_locked(self, work: Callable[[World], T]) -> T:
        """Call ``work`` with the state of the account while no request is processed, and return its result."""
        with _MOTO_LOCK:
            self._world.mount()
            return work(self._world)

    def _serve(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = _Request({**environ, WORLD_KEY: self._world})
        request.get_data(cache=True)  # before moto parses it as a form: the signature covers the bytes
        time.sleep(self._delay_s)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None:
            return Response("not simulated", 404)
        status, headers, body = self._answer(scope["service"], request)
        return Response(body, status, headers)

    def _answer(self, name: str, request: Request) -> Any:
        service = SERVICES.get(name)
        if service is None:
            return ApiRefusal("NotImplemented", f"{name} is not part of the simulated account", 501).answer(name)
        try:
            with _MOTO_LOCK:
                self._world.mount()
                return service.dispatch(request, request.raw_url, dict(request.headers))
        except Exception:
            # The client sees an error of the simulator as an error of AWS. A traceback would overwrite the screen.
            LOG.debug("the simulated account has an internal error", exc_info=True)
            return ApiRefusal("ServiceFailure", "The simulated account has an internal error.", 500).answer(name)

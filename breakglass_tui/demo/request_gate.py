"""The checks of a request to the simulated account that come before its body is read."""

from __future__ import annotations

import re
from email.message import Message
from http import HTTPStatus
from typing import Any

from werkzeug.serving import WSGIRequestHandler

LIMIT_BYTES = 1024 * 1024
"""The largest body that is read. The largest one of AWS, a policy of IAM with its other fields, has some 100 KiB."""
_OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?", re.IGNORECASE)
"""The host names of the account. A web page whose host name was rebound to loopback sends another one.

The port does not matter: a page cannot choose it apart from the name.
"""


class GatedRequestHandler(WSGIRequestHandler):
    """A handler that refuses requests for other hosts and large ones, and writes nothing to the terminal."""

    protocol_version = "HTTP/1.1"

    def parse_request(self) -> bool:
        """Read the head of the request. Return False if it is invalid or refused, and answered."""
        if not super().parse_request():
            return False
        status = _refusal(self.path, self.headers)
        if status is not None:
            self.send_error(status)  # it also closes the connection
        return status is None

    def handle_expect_100(self) -> bool:
        """Leave the request for the body to werkzeug, which sends it after ``parse_request``."""
        return True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Do nothing. werkzeug would print over the screen of the app."""


def _refusal(target: str, headers: Message) -> HTTPStatus | None:
    """Return the status that refuses the request, or None."""
    hosts, lengths = headers.get_all("Host", []), headers.get_all("Content-Length", ["0"])
    if len(hosts) != 1 or not _OWN_HOST.fullmatch(hosts[0]) or not target.startswith("/"):
        return HTTPStatus.FORBIDDEN
    if "Transfer-Encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED
    if len(lengths) != 1 or not re.fullmatch("[0-9]{1,18}", lengths[0]):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(lengths[0]) > LIMIT_BYTES else None

"""Limits on the size and the duration of each answer that botocore reads.

botocore reads an answer completely into memory. Its read timeout limits only the wait for the next bytes.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from botocore.awsrequest import AWSHTTPConnection, AWSHTTPConnectionPool, AWSHTTPSConnection, AWSHTTPSConnectionPool
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session

LIMIT_BYTES = 16 * 1024 * 1024
"""The largest answer that is read, with its headers. The largest one of AWS here, a credential report, has about 3 MiB.

botocore asks for answers without compression and decompresses none, so this is their size in memory too.
"""
LIMIT_S = 60.0
"""The longest time in seconds from the first byte of an answer to its last one."""


class AnswerLimitError(BotoCoreError):  # type: ignore[misc] # botocore has no types
    """An answer was too large or took too long, so its rest was not read. AWS may have applied the request."""

    fmt = "The answer {flaw}"


class LimitedHttpSession(URLLib3Session):  # type: ignore[misc] # botocore has no types
    """An HTTP session of botocore that raises ``AnswerLimitError`` instead of reading on."""

    def __init__(self, session: URLLib3Session) -> None:
        """Take over the settings and the connection pools of ``session``, which botocore created."""
        self.__dict__.update(vars(session))
        # Direct connections and those of proxies share this table.
        self._pool_classes_by_scheme.update(http=_LimitedHttpPool, https=_LimitedHttpsPool)

    def send(self, request: Any) -> Any:
        """Send ``request`` and return the answer, an ``AWSResponse``."""
        try:
            return super().send(request)
        except HTTPClientError as error:
            # botocore wraps exceptions that it does not know, and would send the request again.
            cause = error.kwargs.get("error")
            if isinstance(cause, AnswerLimitError):
                raise cause from None
            raise


class _LimitedStream(io.RawIOBase):
    """The bytes of one answer, as ``raw`` reads them from ``sock``."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._size = 0
        self._until = float("inf")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        timeout, left_s = self._sock.gettimeout(), self._until - time.monotonic()
        if left_s <= 0:
            raise _too_slow()
        soon = left_s < (float("inf") if timeout is None else timeout)
        size = self._read_within(left_s, timeout, buffer) if soon else self._raw.readinto(buffer)
        if not self._size:
            self._until = time.monotonic() + LIMIT_S
        self._size += size or 0
        if self._size > LIMIT_BYTES:
            raise AnswerLimitError(flaw=f"is larger than the limit of {LIMIT_BYTES // 1024**2} MiB")
        return size

    def _read_within(self, seconds: float, timeout: float | None, buffer: Any) -> int | None:
        self._sock.settimeout(seconds)
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            raise _too_slow() from None
        finally:
            self._sock.settimeout(timeout)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _too_slow() -> AnswerLimitError:
    return AnswerLimitError(flaw=f"took longer than {LIMIT_S:.0f} seconds")


class _LimitedAnswer(HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp: Any = io.BufferedReader(_LimitedStream(self.fp.detach(), sock))


class _LimitedHttpConnection(AWSHTTPConnection):  # type: ignore[misc] # botocore has no types
    response_class = _LimitedAnswer


class _LimitedHttpsConnection(AWSHTTPSConnection):  # type: ignore[misc] # botocore has no types
    response_class = _LimitedAnswer


class _LimitedHttpPool(AWSHTTPConnectionPool):  # type: ignore[misc] # botocore has no types
    ConnectionCls = _LimitedHttpConnection


class _LimitedHttpsPool(AWSHTTPSConnectionPool):  # type: ignore[misc] # botocore has no types
    ConnectionCls = _LimitedHttpsConnection

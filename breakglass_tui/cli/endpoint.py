"""Which endpoint the calls go to: only the one the operator named, or a simulator on this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from breakglass_tui.cli.exits import usage
from breakglass_tui.domain.text import show

VARIABLE = "AWS_ENDPOINT_URL"


def checked(url: str) -> str:
    """``url`` if it may be used: https, or http on loopback. Raises ``Problem``."""
    wrong = _wrong(url)
    if wrong:
        raise usage(
            f"--endpoint-url {show(url, 200)}: {wrong}.",
            next="Give https://host[:port], or http://127.0.0.1:port for a simulator on this machine.",
        )
    return url


def from_environment(environment: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The loopback endpoint that the environment names, and a warning for every one that is ignored.

    AWS_ENDPOINT_URL goes before those of single services; one endpoint serves all services, so that nothing of
    a simulated run reaches AWS by accident.
    """
    named = {name: environment[name] for name in sorted(environment) if _is_endpoint(name) and environment[name]}
    local = [url for url in named.values() if not _wrong(url) and on_loopback(url)]
    chosen = local[0] if local else None
    ignored = tuple(
        f"{name}={show(url, 200)} is ignored; use --endpoint-url if you mean it"
        for name, url in named.items()
        if url != chosen
    )
    return chosen, ignored


def on_loopback(url: str) -> bool:
    """Whether the host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_endpoint(name: str) -> bool:
    return name == VARIABLE or name.startswith(f"{VARIABLE}_")


def _wrong(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if not parts.hostname or parts.scheme not in ("http", "https"):
        return "is not a URL that begins with https:// or http://"
    if parts.username or parts.password:
        return "must not carry a user name or password"
    if parts.scheme == "http" and not on_loopback(url):
        return "http is allowed on loopback only"
    return ""

"""The endpoint of all calls: the one that the operator named, or a simulator on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from breakglass_tui.cli.command_words import PROGRAM
from breakglass_tui.cli.config_file import configured_endpoints
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.domain.endpoints import on_loopback
from breakglass_tui.domain.text import show

VARIABLE = "AWS_ENDPOINT_URL"


def require_allowed(url: str) -> str:
    """Return ``url`` if it is allowed: https, or http on loopback. Raises ``Problem``."""
    error = _error(url)
    if error:
        raise usage(
            f"--endpoint-url {_without_credentials(url)}: {error}.",
            why="It is https://HOST[:PORT], or http://127.0.0.1:PORT for a simulator on this machine.",
            next="Show the help with",
            command=f"{PROGRAM} --help",
        )
    return url


def from_environment(environment: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the loopback endpoint that the environment or the AWS config file names, and the warnings about others.

    AWS_ENDPOINT_URL has precedence over those of single services. One endpoint serves all services, so that nothing of
    a simulated run reaches AWS by accident.
    """
    named = {name: environment[name] for name in sorted(environment) if _is_endpoint(name) and environment[name]}
    named.update(configured_endpoints(environment))
    local = [url for url in named.values() if not _error(url) and on_loopback(url)]
    chosen = local[0] if local else None
    ignored = tuple(
        f"ignoring {name}={_without_credentials(url)}. To use it, give it with --endpoint-url."
        for name, url in named.items()
        if url != chosen
    )
    return chosen, ignored


def _is_endpoint(name: str) -> bool:
    return name == VARIABLE or name.startswith(f"{VARIABLE}_")


def _error(url: str) -> str:
    """Return why ``url`` is not allowed, or an empty string."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "this is not a URL"
    if not parts.hostname or parts.scheme not in ("http", "https"):
        return "this is not a URL with https:// or http://"
    if parts.username or parts.password:
        return "an endpoint must not contain a user name or password"
    if parts.scheme == "http" and not on_loopback(url):
        return "http is allowed on loopback only"
    return ""


def _without_credentials(url: str) -> str:
    """Return ``url`` for a message. What precedes an @ can be a password."""
    scheme, slashes, rest = url.partition("://")
    return show(f"{scheme}{slashes}{rest.rpartition('@')[2]}" if slashes else url.rpartition("@")[2], 200)

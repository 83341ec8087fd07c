"""The endpoint of all calls, which only ``--endpoint-url`` can set."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from breakglass_tui.cli.command_words import PROGRAM
from breakglass_tui.cli.config_file import configured_endpoints
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.domain.endpoints import on_loopback
from breakglass_tui.domain.text import show

VARIABLE = "AWS_ENDPOINT_URL"


def require_allowed(url: str) -> str:
    """Return ``url`` if it is https, or http on loopback. Raises ``Problem`` for any other URL."""
    error = _error(url)
    if error:
        raise usage(
            f"--endpoint-url {_without_credentials(url)}: {error}.",
            why="It is https://HOST[:PORT], or http://127.0.0.1:PORT for a simulator on this machine.",
            next="Show the help with",
            command=f"{PROGRAM} --help",
        )
    return url


def ignored_endpoints(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return a warning for each endpoint that the environment or the AWS config file sets. None of them is used.

    Otherwise a report could describe a user of an emulator by mistake.
    """
    named = {name: environment[name] for name in sorted(environment) if _is_endpoint(name) and environment[name]}
    named.update(configured_endpoints(environment))
    return tuple(
        f"ignoring {name}={_without_credentials(url)}. To use it, give it with --endpoint-url."
        for name, url in named.items()
    )


def _is_endpoint(name: str) -> bool:
    return name == VARIABLE or name.startswith(f"{VARIABLE}_")


def _error(url: str) -> str:
    """Return why ``url`` is not allowed as an endpoint, or ""."""
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
    """Return ``url`` in a form for messages, without the text before an @, which can contain a password."""
    scheme, slashes, rest = url.partition("://")
    return show(f"{scheme}{slashes}{rest.rpartition('@')[2]}" if slashes else url.rpartition("@")[2], 200)

"""Which endpoint the calls go to: only the one the operator named, or a simulator on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from breakglass_tui.cli.config_file import configured
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.domain.endpoints import on_loopback
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


def chosen_from(environment: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The loopback endpoint that the environment or the AWS config file names, and a warning for each ignored one.

    AWS_ENDPOINT_URL goes before those of single services; one endpoint serves all services, so that nothing of
    a simulated run reaches AWS by accident.
    """
    named = {name: environment[name] for name in sorted(environment) if _is_endpoint(name) and environment[name]}
    named.update(configured(environment))
    local = [url for url in named.values() if not _wrong(url) and on_loopback(url)]
    chosen = local[0] if local else None
    ignored = tuple(
        f"{name}={show(url, 200)} is ignored; use --endpoint-url if you mean it"
        for name, url in named.items()
        if url != chosen
    )
    return chosen, ignored


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

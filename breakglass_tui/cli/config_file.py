"""What the AWS config file says of endpoints and certificates for the profile in use.

Only looked at to warn: botocore itself reads the file for everything else, and complains where it is broken.
Source of the form: AWS SDKs and Tools Reference Guide, service-specific endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from configparser import RawConfigParser

LIMIT_BYTES = 1 << 20
KEY = "endpoint_url"


def configured(environment: Mapping[str, str]) -> dict[str, str]:
    """Endpoint URLs by where they stand, as ``endpoint_url of profile dev``; nothing if the file cannot be read."""
    profile, parser = profile_of(environment), _parsed(environment)
    if parser is None:
        return {}
    section = _section(parser, profile)
    found = {f"{KEY} of profile {profile}": section[KEY]} if section.get(KEY) else {}
    services = f"services {section.get('services', '')}"
    for service, settings in _section(parser, services).items():
        for name, url in (line.partition("=")[::2] for line in settings.splitlines()):
            if name.strip() == KEY and url.strip():
                found[f"{KEY} of {service} in [{services}]"] = url.strip()
    return found


def ca_bundle(environment: Mapping[str, str]) -> str:
    """The file of certificate authorities that the profile names, or nothing."""
    parser = _parsed(environment)
    return _section(parser, profile_of(environment)).get("ca_bundle", "") if parser else ""


def profile_of(environment: Mapping[str, str]) -> str:
    """The profile in use, in botocore's order."""
    return environment.get("AWS_DEFAULT_PROFILE") or environment.get("AWS_PROFILE") or "default"


def _parsed(environment: Mapping[str, str]) -> RawConfigParser | None:
    path = Path(environment.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    if not path.is_file():
        return None
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_bytes()[:LIMIT_BYTES].decode("utf-8"))
    except (OSError, ValueError, Error):
        return None
    return parser


def _section(parser: RawConfigParser, name: str) -> dict[str, str]:
    for section in (name, f"profile {name}"):
        if parser.has_section(section):
            return dict(parser.items(section))
    return {}

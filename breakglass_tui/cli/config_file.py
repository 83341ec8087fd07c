"""The endpoints that the AWS config file names for the profile in use.

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
    path = Path(environment.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    profile = environment.get("AWS_PROFILE") or "default"
    if not path.is_file():
        return {}
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_bytes()[:LIMIT_BYTES].decode("utf-8"))
    except (OSError, ValueError, Error):
        return {}
    section = _section(parser, profile)
    found = {f"{KEY} of profile {profile}": section[KEY]} if section.get(KEY) else {}
    services = f"services {section.get('services', '')}"
    for service, settings in _section(parser, services).items():
        for name, url in (line.partition("=")[::2] for line in settings.splitlines()):
            if name.strip() == KEY and url.strip():
                found[f"{KEY} of {service} in [{services}]"] = url.strip()
    return found


def _section(parser: RawConfigParser, name: str) -> dict[str, str]:
    for section in (name, f"profile {name}"):
        if parser.has_section(section):
            return dict(parser.items(section))
    return {}

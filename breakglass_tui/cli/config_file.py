"""The endpoints and CA bundles that the AWS config file sets for the active profile.

They are read only for warnings about them. botocore reads the file for everything else, and reports its errors. Source
of the format: AWS SDKs and Tools Reference Guide, service-specific endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from configparser import Error, RawConfigParser
from pathlib import Path

from breakglass_tui.limited_files import read_limited

LIMIT_BYTES = 1 << 20
KEY = "endpoint_url"


def configured_endpoints(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the endpoint URLs in the config file, by the name of the setting, such as ``endpoint_url of profile dev``.

    The result is empty if the file cannot be read.
    """
    profile, parser = active_profile(environment), _parsed(environment)
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
    """Return the path of the CA bundle that the active profile sets, or ""."""
    parser = _parsed(environment)
    return _section(parser, active_profile(environment)).get("ca_bundle", "") if parser else ""


def active_profile(environment: Mapping[str, str]) -> str:
    """Return the name of the active profile, read from the variables in the order of botocore."""
    return environment.get("AWS_DEFAULT_PROFILE") or environment.get("AWS_PROFILE") or "default"


def _parsed(environment: Mapping[str, str]) -> RawConfigParser | None:
    path = Path(environment.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    if not path.is_file():
        return None

    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(read_limited(path, LIMIT_BYTES)[0].decode("utf-8"))
    except (OSError, ValueError, Error):
        return None
    return parser


def _section(parser: RawConfigParser, name: str) -> dict[str, str]:
    for section in (name, f"profile {name}"):
        if parser.has_section(section):
            return dict(parser.items(section))
    return {}

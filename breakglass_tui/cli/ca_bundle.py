"""Whose certificates are trusted, when it is not the public list."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.cli.config_file import ca_bundle, profile_of
from breakglass_tui.domain.text import show


def another_list(environment: Mapping[str, str]) -> str:
    """What to tell the operator, or nothing; the settings are looked at in botocore's order."""
    sources = (
        ("AWS_CA_BUNDLE", environment.get("AWS_CA_BUNDLE", "")),
        (f"ca_bundle of profile {profile_of(environment)}", ca_bundle(environment)),
        ("REQUESTS_CA_BUNDLE", environment.get("REQUESTS_CA_BUNDLE", "")),
    )
    for name, path in sources:
        if path:
            return f"AWS is trusted by the certificates in {show(path, 4096)} ({show(name)}), not by the public list"
    return ""

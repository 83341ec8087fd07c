"""A warning for a configured CA bundle that replaces the default certificate authorities."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.cli.config_file import active_profile, ca_bundle
from breakglass_tui.domain.text import show


def custom_ca_warning(environment: Mapping[str, str]) -> str:
    """Return the warning, or "" if no CA bundle is configured. The settings are read in the order of botocore."""
    sources = (
        ("AWS_CA_BUNDLE", environment.get("AWS_CA_BUNDLE", "")),
        (f"ca_bundle of profile {active_profile(environment)}", ca_bundle(environment)),
        ("REQUESTS_CA_BUNDLE", environment.get("REQUESTS_CA_BUNDLE", "")),
    )
    for name, path in sources:
        if path:
            return f"using the CA bundle at {show(path, 4096)} ({show(name)}) instead of the default CAs"
    return ""

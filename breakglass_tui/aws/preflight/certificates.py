"""The look ``certificates``: whose word is taken for it that the other side is AWS."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

NAMED = 3
MEANT = "Go on if this is your company's own list; else unset AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE and ca_bundle."


@dataclass(frozen=True)
class CertificatesPreflight:
    """The list of certificate authorities that the clients check against; no call."""

    clients: Clients
    id = "certificates"
    title = "Certificates are checked"

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Look at what the clients were given."""
        findings, bundle = Findings(), self.clients.ca_bundle()
        if bundle:
            findings.warn(f"against {show(bundle, 4096)} instead of the public list: {_authorities(bundle)}", MEANT)
        else:
            findings.good("against the public list of certificate authorities")
        why = "Whoever has a key of this list can read the new password on its way to AWS."
        return findings.result(self, expected="the public list of certificate authorities", why=why)


def _authorities(bundle: str) -> str:
    """The first few of them by name."""
    try:
        tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        tls_context.load_verify_locations(cafile=bundle)
    except (OSError, ValueError):
        return "it cannot be read"
    names = [_name(certificate) for certificate in tls_context.get_ca_certs()]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(show, names[:NAMED])) + more


def _name(certificate: Mapping[str, Any]) -> str:
    """The subject's most telling part (RFC 5280, 4.1.2.6)."""
    parts = dict(pair for part in certificate.get("subject", ()) for pair in part)
    return str(parts.get("commonName") or parts.get("organizationName") or "one without a name")

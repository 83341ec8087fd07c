"""The preflight check ``certificates``: the clients trust the public CAs, not another CA bundle."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

SHOWN = 3
"""The maximum number of CAs whose names are shown."""
EXPECTED_BUNDLE = (
    "Continue if this is the CA bundle of your company. Otherwise unset AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE and "
    "ca_bundle."
)


@dataclass(frozen=True)
class CertificatesPreflight:
    """The check of the CA bundle that the clients use. Makes no AWS call."""

    clients: Clients
    id = "certificates"
    title = "CA certificates"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Warn if the clients use a CA bundle of their own."""
        findings, bundle = Findings(), self.clients.ca_bundle()
        if bundle:
            text = f"the CA bundle {show(bundle, 4096)} replaces the public CAs: {_authorities(bundle)}"
            findings.warn(text, EXPECTED_BUNDLE)
        else:
            findings.good("the public CAs")
        why = "Anyone with a private key of one of these CAs can read the new password on its way to AWS."
        return findings.result(self, expected="the public CAs", why=why)


def _authorities(bundle: str) -> str:
    """Return the names of the first CAs in the file ``bundle``, or the text that it cannot be read."""
    try:
        tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        tls_context.load_verify_locations(cafile=bundle)
    except (OSError, ValueError):
        return "the file cannot be read"
    names = [_name(certificate) for certificate in tls_context.get_ca_certs()]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(show, names[:SHOWN])) + more


def _name(certificate: Mapping[str, Any]) -> str:
    """Return the common name of the certificate's subject, or else its organization (RFC 5280, 4.1.2.6)."""
    parts = dict(pair for part in certificate.get("subject", ()) for pair in part)
    return str(parts.get("commonName") or parts.get("organizationName") or "unnamed")

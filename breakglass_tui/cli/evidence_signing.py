"""What the configuration says about signatures of evidence: with which key to sign, and whose signatures to trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.preferences import KMS
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.report.signature_check import SignatureTrust
from breakglass_tui.report.ssh_signer import SshSigner


def choose_signer(
    options: Options, cloud: Cloud, terminal: Terminal | None = None, notify: Callable[[str], object] = to_stderr
) -> EvidenceSigner | None:
    """Return what signs the evidence, or None if the configuration has no ``sign_with``.

    ssh-keygen may ask for a passphrase on ``terminal``. The full-screen app has none for it. ``notify`` shows that a
    key waits for a touch.
    """
    key = options.preferences.evidence.get("sign_with", "")
    if not key:
        return None
    if key.startswith(KMS):
        return cloud.kms_signer(key.removeprefix(KMS))
    path = Path(key).expanduser()
    return SshSigner(path, attached=terminal is not None and terminal.attached(), notify=notify)


def signature_trust(options: Options, allowed_signers: Path | None, public_key: Path | None) -> SignatureTrust:
    """Return whose signatures ``verify`` trusts. The options have precedence over the configuration."""
    found = options.preferences.evidence
    return SignatureTrust(
        allowed_signers=allowed_signers or _path(found.get("allowed_signers", "")),
        public_key=public_key or _path(found.get("public_key", "")),
        signer="" if allowed_signers else found.get("signer", ""),
        required="sign_with" in found,
    )


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None

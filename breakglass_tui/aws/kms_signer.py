"""Signs evidence with an asymmetric KMS key (kms:Sign), and returns its public key too (kms:GetPublicKey)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.evidence_signer import SigningTest
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.public_key_signature import SPECS
from breakglass_tui.report.signatures import KMS_SIGNATURE, PUBLIC_KEY

PROBE = b"breakglass-tui tests this key\n"
"""What the preflight check signs."""
SIGNS = "SIGN_VERIFY"
LINE = 64


@dataclass(frozen=True)
class KmsSigner:
    """Signs with the KMS key ``kms_key_id``: an id, an ARN, or an alias.

    Its Region is that of the ARN, or else that of ``clients``.
    """

    clients: Clients
    kms_key_id: str

    signature_name = KMS_SIGNATURE

    def test(self) -> SigningTest:
        """Sign a test text. Raises ``Problem``."""
        self.sign(PROBE)
        return SigningTest(done=True, text=f"the KMS key {show(self.kms_key_id)} signed a test text")

    def sign(self, content: bytes) -> Mapping[str, bytes]:
        """Return the files with the signature over ``content`` and with the public key. Raises ``Problem``.

        The key of both calls is the one that the first call found, because an alias can be moved in between. Only the
        digest is sent, because a message has at most 4096 bytes (KMS API: Sign).
        """
        api = Api(self.clients, silent_context("sign"), region=self.region)
        key = api.call("kms:GetPublicKey", fields=("KeyId", "PublicKey"), KeyId=self.kms_key_id)
        spec = str(key.get("KeySpec") or "")
        algorithm = SPECS.get(spec)
        if algorithm is None or key.get("KeyUsage") != SIGNS:
            raise self._cannot_sign(spec, str(key.get("KeyUsage") or ""))
        signed = api.call(
            "kms:Sign",
            fields=("Signature",),
            KeyId=str(key["KeyId"]),
            Message=hashlib.new(algorithm.digest, content).digest(),
            MessageType="DIGEST",
            SigningAlgorithm=algorithm.name,
        )
        return {KMS_SIGNATURE: bytes(signed["Signature"]), PUBLIC_KEY: _pem(bytes(key["PublicKey"]))}

    @property
    def region(self) -> str:
        """The Region of the key."""
        return self.kms_key_id.split(":")[3] if self.kms_key_id.startswith("arn:") else self.clients.region

    def _cannot_sign(self, spec: str, usage: str) -> Problem:
        return Problem(
            f"The KMS key {show(self.kms_key_id)} cannot sign evidence.",
            why=f"Its spec is {show(spec) or 'unknown'} and its usage is {show(usage) or 'unknown'}.",
            next=f"Choose a key with the usage {SIGNS} and one of the specs {', '.join(SPECS)}.",
            kind=Kind.REFUSED,
            code="NotSigned",
        )


def _pem(der: bytes) -> bytes:
    """Return a public key, which KMS returns as DER (X.509 SubjectPublicKeyInfo), as PEM."""
    text = base64.b64encode(der).decode()
    lines = [text[start : start + LINE] for start in range(0, len(text), LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()

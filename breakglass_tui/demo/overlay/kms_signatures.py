"""Signatures of the simulated KMS: over a message or its digest, with the salt that AWS uses.

moto hashes a digest again, and uses the longest possible salt for PSS. In AWS the salt is as long as the digest (KMS
Developer Guide, "Key spec reference").
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms.models import Key
from moto.kms.utils import KeySpec, generate_private_key

from breakglass_tui.demo.overlay.api_errors import ApiRefusal

HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
LONGEST_MESSAGE = 4096


def private_key(key: Key) -> Any:
    """Return the private key of ``key``. An RSA key is generated now, because that takes 0.1 s at the start."""
    wanted_rsa = key.key_spec in KeySpec.rsa_key_specs()
    if wanted_rsa != isinstance(key.private_key.private_key, rsa.RSAPrivateKey):  # type: ignore[attr-defined]
        key.private_key = generate_private_key(key.key_spec)
    return key.private_key.private_key  # type: ignore[attr-defined]


def sign(key: Key, message: bytes, *, is_digest: bool, algorithm: str) -> bytes:
    """Return the signature over ``message``. Raises ``ApiRefusal`` for what AWS refuses (KMS API: Sign)."""
    if algorithm not in key.signing_algorithms:
        raise ApiRefusal(
            "InvalidKeyUsageException", f"Algorithm {algorithm} is incompatible with key spec {key.key_spec}."
        )
    digest = HASHES[algorithm.rsplit("_", 1)[1]]
    if is_digest and len(message) != digest.digest_size:
        raise ApiRefusal("ValidationException", f"Digest is invalid length for algorithm {algorithm}.")
    if not 1 <= len(message) <= LONGEST_MESSAGE:
        raise ApiRefusal("ValidationException", "1 validation error detected: Value at 'message' has an invalid length")
    used = Prehashed(digest) if is_digest else digest
    private = private_key(key)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(message, ec.ECDSA(used))
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if "_PSS_" in algorithm else padding.PKCS1v15()
    return bytes(private.sign(message, scheme, used))

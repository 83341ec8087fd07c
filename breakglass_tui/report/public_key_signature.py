"""Verifies signatures of asymmetric KMS keys with openssl, and chooses their algorithm.

Source: KMS Developer Guide, "Key spec reference". RSA keys sign with PSS, whose salt is as long as the digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.report.child_program import run_program
from breakglass_tui.report.signatures import SignatureVerdict

PSS = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1")


@dataclass(frozen=True, slots=True)
class SigningAlgorithm:
    """A signing algorithm of KMS: its name, its digest for openssl and hashlib, and other options of openssl."""

    name: str
    digest: str
    options: tuple[str, ...] = ()


RSA = SigningAlgorithm("RSASSA_PSS_SHA_256", "sha256", PSS)
CURVES = {
    "prime256v1": SigningAlgorithm("ECDSA_SHA_256", "sha256"),
    "secp256k1": SigningAlgorithm("ECDSA_SHA_256", "sha256"),
    "secp384r1": SigningAlgorithm("ECDSA_SHA_384", "sha384"),
    "secp521r1": SigningAlgorithm("ECDSA_SHA_512", "sha512"),
}
"""The algorithm of each elliptic curve, by the name of the curve in openssl."""
SPECS = {
    "RSA_2048": RSA,
    "RSA_3072": RSA,
    "RSA_4096": RSA,
    "ECC_NIST_P256": CURVES["prime256v1"],
    "ECC_SECG_P256K1": CURVES["secp256k1"],
    "ECC_NIST_P384": CURVES["secp384r1"],
    "ECC_NIST_P521": CURVES["secp521r1"],
}
"""The algorithm by the spec of the KMS key. A key with another spec cannot sign evidence."""


def verify_with_public_key(signature: Path, content: bytes, public_key: Path) -> SignatureVerdict:
    """Return whether ``signature`` is a signature over ``content`` by the key ``public_key`` (PEM).

    Raises ``Problem`` if openssl cannot be run, or if the file is not a public key that KMS signs with.
    """
    algorithm = algorithm_of(public_key)
    done = run_program([*_verify(algorithm), str(public_key), "-signature", str(signature)], content)
    if done.ok:
        return SignatureVerdict(valid=True, text=f"valid for the key in {public_key} ({algorithm.name})")
    return SignatureVerdict(valid=False, text=f"not a signature of the key in {public_key} ({algorithm.name})")


def algorithm_of(public_key: Path) -> SigningAlgorithm:
    """Return the algorithm with which KMS signs for the public key in the file (PEM). Raises ``Problem``."""
    described = run_program(["openssl", "pkey", "-pubin", "-in", str(public_key), "-noout", "-text_pub"])
    text = described.output.decode("utf-8", "replace")
    curve = next((line.split(":")[1].strip() for line in text.splitlines() if line.startswith("ASN1 OID:")), "")
    if described.ok and "Modulus:" in text:
        return RSA
    if described.ok and curve in CURVES:
        return CURVES[curve]
    raise Problem(
        f"{show(str(public_key), 4096)} is not the public key of a KMS key that signs.",
        why=described.message or "It must be an RSA key, or one on the curves that KMS has, in PEM.",
        next="Export the key with aws kms get-public-key, and give that file with --public-key.",
        kind=Kind.USAGE,
    )


def public_key_command(algorithm: SigningAlgorithm, public_key: str, signature: Path, sums: Path) -> str:
    """Return the command line that verifies a KMS signature without this program. ``public_key`` is quoted."""
    files = map(path_argument, (str(signature), str(sums)))
    return " ".join([*_verify(algorithm), public_key, "-signature", *files])


def _verify(algorithm: SigningAlgorithm) -> list[str]:
    return ["openssl", "dgst", f"-{algorithm.digest}", *algorithm.options, "-verify"]

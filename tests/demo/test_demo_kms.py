"""The state, the usage and the permissions of KMS keys are enforced."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

CONTEXT = {"user": "bg"}


def test_decryption_requires_the_same_encryption_context(kms: Any, refused: Any) -> None:
    sealed = kms.encrypt(KeyId="alias/break-glass", Plaintext=b"secret", EncryptionContext=CONTEXT)["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=sealed, KeyId="alias/break-glass", EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == b"secret"
    with refused("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"user": "other"})


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("alias/old-backups", "DisabledException"),
        ("alias/retired-2024", "KMSInvalidStateException"),
        ("alias/code-signing", "InvalidKeyUsageException"),
    ],
)
def test_a_key_that_cannot_encrypt_refuses(kms: Any, refused: Any, alias: str, code: str) -> None:
    with refused(code):
        kms.encrypt(KeyId=alias, Plaintext=b"x")
    with refused(code):
        kms.encrypt(KeyId=alias, Plaintext=b"x", DryRun=True)


def test_a_key_disabled_after_encryption_does_not_decrypt(kms: Any, refused: Any) -> None:
    key = kms.create_key(Description="of one test")["KeyMetadata"]["Arn"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    with refused("DisabledException"):
        kms.decrypt(CiphertextBlob=sealed, KeyId=key)
    with refused("DisabledException"):
        kms.decrypt(CiphertextBlob=sealed)
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    with refused("KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=sealed)


def test_a_successful_dry_run_returns_its_own_error(kms: Any, refused: Any) -> None:
    with refused("DryRunOperationException"):
        kms.encrypt(KeyId="alias/break-glass", Plaintext=b"x", DryRun=True)
    sealed = kms.encrypt(KeyId="alias/break-glass", Plaintext=b"x")["CiphertextBlob"]
    with refused("DryRunOperationException"):
        kms.decrypt(CiphertextBlob=sealed, KeyId="alias/break-glass", DryRun=True)


def test_a_key_that_does_not_exist_is_not_found(kms: Any, refused: Any) -> None:
    with refused("NotFoundException"):
        kms.encrypt(KeyId="alias/nothing", Plaintext=b"x")


def test_an_alias_of_an_aws_service_has_no_key_until_it_is_used(kms: Any) -> None:
    listed = {alias["AliasName"]: alias for alias in kms.list_aliases()["Aliases"]}
    assert "TargetKeyId" not in listed["alias/aws/rds"]
    assert listed["alias/aws/ebs"]["TargetKeyId"]


def test_kms_needs_permission_on_the_key(
    kms: Any, iam: Any, refused: Any, user: str, as_key: Any, document: Any
) -> None:
    arn = kms.describe_key(KeyId="alias/break-glass")["KeyMetadata"]["Arn"]
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document(action="kms:Encrypt", resource=arn))
    own = as_key("kms", iam.create_access_key(UserName=user)["AccessKey"])
    assert own.encrypt(KeyId="alias/break-glass", Plaintext=b"x")["CiphertextBlob"]
    with refused("AccessDeniedException", "kms:Encrypt"):
        own.encrypt(KeyId="alias/vendor-data", Plaintext=b"x")


@pytest.mark.parametrize(
    ("spec", "algorithm"),
    [
        ("RSA_2048", "RSASSA_PSS_SHA_256"),
        ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
        ("ECC_NIST_P256", "ECDSA_SHA_256"),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
        ("ECC_NIST_P384", "ECDSA_SHA_384"),
        ("ECC_NIST_P521", "ECDSA_SHA_512"),
    ],
)
@pytest.mark.parametrize("kind", ["RAW", "DIGEST"])
def test_a_signature_is_valid_for_the_public_key_that_kms_returns(
    kms: Any, verified: Any, spec: str, algorithm: str, kind: str
) -> None:
    key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    digest = getattr(hashlib, f"sha{algorithm[-3:]}")
    message = digest(b"text").digest() if kind == "DIGEST" else b"text"
    signed = kms.sign(KeyId=key, Message=message, MessageType=kind, SigningAlgorithm=algorithm)
    public = kms.get_public_key(KeyId=key)
    assert (signed["KeyId"], public["KeyId"]) == (key, key)
    assert (public["KeySpec"], public["KeyUsage"]) == (spec, "SIGN_VERIFY")
    assert algorithm in public["SigningAlgorithms"]
    verified(public["PublicKey"], signed["Signature"], b"text", algorithm)
    with pytest.raises(InvalidSignature):
        verified(public["PublicKey"], signed["Signature"], b"other", algorithm)


@pytest.fixture
def verified() -> Any:
    """Return a function that raises ``InvalidSignature`` unless a signature is valid.

    The salt of PSS must be as long as the digest, as in AWS.
    """

    def _verified(der: bytes, signature: bytes, message: bytes, algorithm: str) -> None:
        public, digest = load_der_public_key(der), getattr(hashes, f"SHA{algorithm[-3:]}")()
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(digest))
            return
        assert isinstance(public, rsa.RSAPublicKey)
        pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
        public.verify(signature, message, pss if "PSS" in algorithm else padding.PKCS1v15(), digest)

    return _verified


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("alias/old-backups", "DisabledException"),
        ("alias/retired-2024", "KMSInvalidStateException"),
        ("alias/break-glass", "InvalidKeyUsageException"),
        ("alias/nothing", "NotFoundException"),
    ],
)
def test_a_key_that_cannot_sign_refuses(kms: Any, refused: Any, alias: str, code: str) -> None:
    with refused(code):
        kms.sign(KeyId=alias, Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256")


def test_a_symmetric_key_has_no_public_key_and_a_disabled_one_does_not_return_it(kms: Any, refused: Any) -> None:
    with refused("UnsupportedOperationException"):
        kms.get_public_key(KeyId="alias/break-glass")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    with refused("DisabledException"):
        kms.get_public_key(KeyId=key)


def test_a_wrong_algorithm_or_length_is_refused(kms: Any, refused: Any) -> None:
    with refused("InvalidKeyUsageException"):
        kms.sign(KeyId="alias/code-signing", Message=b"x", SigningAlgorithm="ECDSA_SHA_256")
    with refused("ValidationException"):
        kms.sign(KeyId="alias/code-signing", Message=b"x", MessageType="DIGEST", SigningAlgorithm="RSASSA_PSS_SHA_256")


def test_a_signature_needs_permission_on_the_key(
    kms: Any, iam: Any, refused: Any, user: str, as_key: Any, document: Any
) -> None:
    arn = kms.describe_key(KeyId="alias/code-signing")["KeyMetadata"]["Arn"]
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document(action="kms:Sign", resource=arn))
    own = as_key("kms", iam.create_access_key(UserName=user)["AccessKey"])
    assert own.sign(KeyId=arn, Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256")["Signature"]
    with refused("AccessDeniedException", "kms:GetPublicKey"):
        own.get_public_key(KeyId=arn)

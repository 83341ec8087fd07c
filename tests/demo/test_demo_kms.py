"""The state, the usage and the permissions of KMS keys are enforced."""

from __future__ import annotations

from typing import Any

import pytest

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

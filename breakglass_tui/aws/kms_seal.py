"""The KMS seal, and the function that returns all seals of a request."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from hmac import compare_digest

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.envelope_files import Seal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, PassphraseSeal, passphrase_missing

MFA_SEED = "mfa-seed"
VERSION = 1


class KmsSeal:
    """The seal that encrypts an envelope with a KMS key, bound to an encryption context."""

    kind = "kms"
    suffix = "kms.json"
    needs = 1

    def __init__(self, api: Api, key_id: str) -> None:
        self._api = api.in_region(_region_of(key_id)) if _region_of(key_id) else api
        self._key_id = key_id
        self.custodians: tuple[str, ...] = (key_id,)

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt ``content`` and return the envelope, a JSON file. KMS must decrypt it once as a test.

        Raises ``Problem``. ``content`` has at most 4096 bytes (KMS: Encrypt). ``context`` is the encryption context,
        without which KMS does not decrypt the file.
        """
        bound = dict(context)
        encrypted = self._api.call(
            "kms:Encrypt", fields=("CiphertextBlob",), KeyId=self._key_id, Plaintext=content, EncryptionContext=bound
        )
        # The ARN, not the alias: an alias can be moved to another key, which cannot decrypt this.
        arn, blob = str(encrypted.get("KeyId") or self._key_id), encrypted["CiphertextBlob"]
        self.custodians = (arn,)
        decrypted = self._api.call(
            "kms:Decrypt", fields=("Plaintext",), KeyId=arn, CiphertextBlob=blob, EncryptionContext=bound
        )
        if not compare_digest(bytes(decrypted.get("Plaintext") or b""), content):
            raise _does_not_open(arn)
        text = base64.b64encode(blob).decode()
        file = {"version": VERSION, "key_arn": arn, "encryption_context": bound, "ciphertext": text}
        return json.dumps(file, indent=2).encode()


def seals_for(setup: Setup, api: Api, contents: str) -> tuple[Seal, ...]:
    """Return the seals for a secret of the kind ``contents``, such as ``password``, the fastest first.

    The order matters because a new secret must not wait for a seal that may fail. If ``seal_mfa_to`` is set, the MFA
    seed is sealed only to those recipients, so that a custodian of the password cannot open the seed too.

    Raises ``Problem`` if the request has a passphrase and the vault does not have it.
    """
    request = setup.request
    if contents == MFA_SEED and request.seal_mfa_to:
        return age_seals(request.seal_mfa_to, request.seal_mfa_threshold)
    seals: list[Seal] = [*age_seals(request.seal_to, request.seal_threshold)]
    if request.seal_passphrase:
        passphrase = setup.vault.get(PASSPHRASE)
        if passphrase is None:
            raise passphrase_missing()
        seals.append(PassphraseSeal(passphrase))
    if request.kms_key_id:
        seals.append(KmsSeal(api, request.kms_key_id))
    return tuple(seals)


def _region_of(key_id: str) -> str:
    return key_id.split(":")[3] if key_id.startswith("arn:") else ""


def _does_not_open(arn: str) -> Problem:
    return Problem(
        "KMS did not decrypt what it encrypted.",
        why=f"kms:Decrypt with {arn} returned different data.",
        next="Choose another KMS key, or seal to an age recipient.",
        kind=Kind.REFUSED,
    )

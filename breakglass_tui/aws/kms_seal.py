"""The KMS seal, and which seals a request asks for."""

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
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, PassphraseSeal, unknown_passphrase

MFA_SEED = "mfa-seed"
VERSION = 1


class KmsSeal:
    """Closes an envelope with a KMS key; the context is bound to it and must be given to open it."""

    kind = "kms"
    suffix = "kms.json"
    needs = 1

    def __init__(self, api: Api, key_id: str) -> None:
        self._api = api.in_region(_region_of(key_id)) if _region_of(key_id) else api
        self._key_id = key_id
        self.custodians: tuple[str, ...] = (key_id,)

    def close(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """A JSON file with the ciphertext, proven to open again. ``content`` has at most 4096 bytes (KMS: Encrypt)."""
        bound = dict(context)
        sealed = self._api.call(
            "kms:Encrypt", fields=("CiphertextBlob",), KeyId=self._key_id, Plaintext=content, EncryptionContext=bound
        )
        # The ARN, not the alias: an alias can be pointed at another key, and then nothing opens.
        arn, blob = str(sealed.get("KeyId") or self._key_id), sealed["CiphertextBlob"]
        self.custodians = (arn,)
        opened = self._api.call(
            "kms:Decrypt", fields=("Plaintext",), KeyId=arn, CiphertextBlob=blob, EncryptionContext=bound
        )
        if not compare_digest(bytes(opened.get("Plaintext") or b""), content):
            raise _does_not_open(arn)
        text = base64.b64encode(blob).decode()
        file = {"version": VERSION, "key_arn": arn, "encryption_context": bound, "ciphertext": text}
        return json.dumps(file, indent=2).encode()


def seals_for(setup: Setup, api: Api, contents: str) -> tuple[Seal, ...]:
    """The seals of a secret, the quickest first: a new secret must wait for nothing that may fail.

    The MFA seed goes to ``seal_mfa_to`` alone when that is given: the point of other custodians is that nobody who
    opens the password opens the seed too. Raises ``Problem`` when the passphrase of the request is not known.
    """
    request = setup.request
    if contents == MFA_SEED and request.seal_mfa_to:
        return age_seals(request.seal_mfa_to, request.seal_mfa_threshold)
    seals: list[Seal] = [*age_seals(request.seal_to, request.seal_threshold)]
    if request.seal_passphrase:
        passphrase = setup.vault.get(PASSPHRASE)
        if passphrase is None:
            raise unknown_passphrase()
        seals.append(PassphraseSeal(passphrase))
    if request.kms_key_id:
        seals.append(KmsSeal(api, request.kms_key_id))
    return tuple(seals)


def _region_of(key_id: str) -> str:
    return key_id.split(":")[3] if key_id.startswith("arn:") else ""


def _does_not_open(arn: str) -> Problem:
    return Problem(
        "What KMS sealed did not open again.",
        why=f"kms:Decrypt with {arn} gave something else than was sealed.",
        next="Choose another KMS key, or seal to an age recipient.",
        kind=Kind.REFUSED,
    )

"""The simulated KMS, which enforces the state and the usage of a key."""

from __future__ import annotations

import base64
import json
from typing import Any

from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import RESERVED_ALIASES

from breakglass_tui.demo.overlay import kms_signatures
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

KEY_ID_LENGTH = 36
"""The length of a key id (a UUID), with which moto begins each ciphertext."""


class DemoKms(AuthorizedRequests, KmsResponse):
    """The KMS operations of the simulated account."""

    @property
    def kms_backend(self) -> KmsBackend:
        """The KMS keys of this Region, in moto."""
        return self.world.kms(self.region)

    def resource(self) -> str:
        """Return the ARN of the key that the call names, or what it names if there is no such key."""
        key = self._key()
        return key.arn if key else str(self._get_param("KeyId") or "*")

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:
        """Return a parameter of the call.

        A KeyId that is a key ARN of this account is reduced to the id, because some operations of moto accept only ids.
        """
        value = super()._get_param(param_name, if_none)
        own = f"arn:aws:kms:{self.region}:{self.world.account_id}:key/"
        return value.removeprefix(own) if param_name == "KeyId" and value else value

    def create_key(self) -> str:
        """Create a key. Its default usage is ENCRYPT_DECRYPT."""
        created = json.loads(super().create_key())["KeyMetadata"]
        key = self.kms_backend.keys[created["KeyId"]]
        key.key_usage = created["KeyUsage"] or "ENCRYPT_DECRYPT"
        return json.dumps(key.to_dict())

    def encrypt(self) -> str:
        """Encrypt a text. Raises ``ApiRefusal`` if the key cannot be used."""
        self._validate_key_id(self._get_param("KeyId"))
        self._require_usable()
        return super().encrypt()

    def decrypt(self) -> str:
        """Decrypt a ciphertext. Raises ``ApiRefusal`` if the key cannot be used."""
        if self._get_param("KeyId"):
            self._validate_key_id(self._get_param("KeyId"))
        self._require_usable()
        return super().decrypt()

    def generate_data_key(self) -> str:
        """Return a data key. Raises ``ApiRefusal`` if the KMS key cannot be used."""
        self._validate_key_id(self._get_param("KeyId"))
        self._require_usable()
        return super().generate_data_key()

    def sign(self) -> str:
        """Sign a message or a digest. Raises ``ApiRefusal`` if the key cannot be used for that."""
        self._validate_key_id(self._get_param("KeyId"))
        self._require_usable("SIGN_VERIFY")
        key, algorithm = self._signing_key(), str(self._get_param("SigningAlgorithm"))
        message = bytes(self._get_param("Message"))
        is_digest = self._get_param("MessageType") == "DIGEST"
        signature = kms_signatures.sign(key, message, is_digest=is_digest, algorithm=algorithm)
        text = base64.b64encode(signature).decode()
        return json.dumps({"KeyId": key.arn, "Signature": text, "SigningAlgorithm": algorithm})

    def get_public_key(self) -> str:
        """Return the public key of an asymmetric key. Raises ``ApiRefusal`` for a symmetric or an unusable key."""
        self._validate_key_id(self._get_param("KeyId"))
        self._require_state()
        key = self._signing_key()
        if key.key_spec == "SYMMETRIC_DEFAULT":
            message = f"{key.arn} key spec is SYMMETRIC_DEFAULT which is not valid for GetPublicKey."
            raise ApiRefusal("UnsupportedOperationException", message)
        kms_signatures.private_key(key)
        public = base64.b64encode(key.private_key.public_key()).decode()
        return json.dumps(
            {
                "KeyId": key.arn,
                "PublicKey": public,
                "KeySpec": key.key_spec,
                "CustomerMasterKeySpec": key.key_spec,
                "KeyUsage": key.key_usage,
                "SigningAlgorithms": key.signing_algorithms,
            }
        )

    def _signing_key(self) -> Key:
        key = self._key()
        if key is None:
            name = self._get_param("KeyId")
            raise ApiRefusal("NotFoundException", f"Key '{name}' does not exist")
        return key

    def list_aliases(self) -> str:
        """Return the aliases of this Region. The alias of an AWS service has no key until the service uses it."""
        answer: dict[str, Any] = json.loads(super().list_aliases())
        for alias in answer["Aliases"]:
            if alias["AliasName"] in RESERVED_ALIASES and alias["TargetKeyId"] not in self.kms_backend.keys:
                del alias["TargetKeyId"]
        return json.dumps(answer)

    def _key(self) -> Key | None:
        name = self._get_param("KeyId")
        if not name:
            blob = self._get_param("CiphertextBlob", b"")
            return self.kms_backend.keys.get(blob[:KEY_ID_LENGTH].decode("utf-8", "replace"))
        plain = self.kms_backend.get_key_id(self.kms_backend.get_alias_name(name))
        aliased = (key for key in self.kms_backend.keys.values() if plain in key.aliases)
        return self.kms_backend.keys.get(plain) or next(aliased, None)

    def _require_state(self) -> None:
        """Raise ``ApiRefusal`` if the key is disabled or pending deletion."""
        key = self._key()
        if key is None:
            return
        if key.key_state == "Disabled":
            raise ApiRefusal("DisabledException", f"{key.arn} is disabled.")
        if key.key_state != "Enabled":
            raise ApiRefusal("KMSInvalidStateException", f"{key.arn} is pending deletion.")

    def _require_usable(self, usage: str = "ENCRYPT_DECRYPT") -> None:
        """Raise ``ApiRefusal`` unless the key can be used for ``usage``."""
        self._require_state()
        key = self._key()
        if key is None:
            return
        if key.key_usage != usage:
            raise ApiRefusal("InvalidKeyUsageException", f"{key.arn} key usage is {key.key_usage}.")
        if self._get_param("DryRun"):
            message = "The request would have succeeded, but the DryRun option is set."
            raise ApiRefusal("DryRunOperationException", message, 412)

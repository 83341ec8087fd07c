"""The simulated KMS: a key works only in the state and for the use it is made for."""

from __future__ import annotations

import json
from typing import Any

from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import RESERVED_ALIASES

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

KEY_ID_LENGTH = 36
"""moto's ciphertext begins with the id of the key, a UUID."""


class DemoKms(AuthorizedRequests, KmsResponse):
    """The calls of KMS that this account answers."""

    @property
    def kms_backend(self) -> KmsBackend:
        """The keys of this Region."""
        return self.world.kms(self.region)

    def resource(self) -> str:
        """The ARN of the key that the call names."""
        key = self._key()
        return key.arn if key else str(self._get_param("KeyId") or "*")

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:
        """As moto reads it; a key ARN of this account becomes the id, since some of moto's calls know only that."""
        value = super()._get_param(param_name, if_none)
        own = f"arn:aws:kms:{self.region}:{self.world.account_id}:key/"
        return value.removeprefix(own) if param_name == "KeyId" and value else value

    def create_key(self) -> str:
        """A key to encrypt with, unless another use is named."""
        made = json.loads(super().create_key())["KeyMetadata"]
        key = self.kms_backend.keys[made["KeyId"]]
        key.key_usage = made["KeyUsage"] or "ENCRYPT_DECRYPT"
        return json.dumps(key.to_dict())

    def encrypt(self) -> str:
        """Encrypt, with a key that may."""
        self._validate_key_id(self._get_param("KeyId"))
        self._usable()
        return super().encrypt()

    def decrypt(self) -> str:
        """Decrypt, with a key that may."""
        if self._get_param("KeyId"):
            self._validate_key_id(self._get_param("KeyId"))
        self._usable()
        return super().decrypt()

    def generate_data_key(self) -> str:
        """A data key, under a key that may."""
        self._validate_key_id(self._get_param("KeyId"))
        self._usable()
        return super().generate_data_key()

    def list_aliases(self) -> str:
        """Aliases; those that AWS keeps for its services have no key until one is used."""
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

    def _usable(self) -> None:
        key = self._key()
        if key is None:
            return
        if key.key_state == "Disabled":
            raise ApiRefusal("DisabledException", f"{key.arn} is disabled.")
        if key.key_state != "Enabled":
            raise ApiRefusal("KMSInvalidStateException", f"{key.arn} is pending deletion.")
        if key.key_usage != "ENCRYPT_DECRYPT":
            raise ApiRefusal("InvalidKeyUsageException", f"{key.arn} key usage is {key.key_usage}.")
        if self._get_param("DryRun"):
            message = "The request would have succeeded, but the DryRun option is set."
            raise ApiRefusal("DryRunOperationException", message, 412)

"""``EvidenceSigner``: the interface of what signs the evidence of an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class SigningTest(NamedTuple):
    """The result of a test of a signing key. ``done`` is False if the key could not be tested before it is needed."""

    done: bool
    text: str
    remedy: str = ""


class EvidenceSigner(Protocol):
    """Signs the list of hashes of an export. The list covers every other file of the export."""

    @property
    def signature_name(self) -> str:
        """The name of the file with the signature."""
        ...

    @property
    def kms_key_id(self) -> str:
        """The KMS key that signs: an id, an ARN or an alias. Empty if no KMS key signs."""
        ...

    def sign(self, content: bytes) -> Mapping[str, bytes]:
        """Return the files of a signature over ``content``, by name. Blocks, and raises ``Problem``."""
        ...

    def test(self) -> SigningTest:
        """Sign a test text, if that needs no operator. Blocks, and raises ``Problem`` if the key cannot sign."""
        ...

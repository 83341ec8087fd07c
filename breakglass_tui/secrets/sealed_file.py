"""Reads sealed files safely, and identifies them by their content. Decrypts nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import UnfitFileError, read_limited
from breakglass_tui.secrets.age_file import is_age, recipients

LIMIT_BYTES = 256 * 1024
"""The largest file that is read. An envelope has a few hundred bytes, or a few thousand with many custodians."""
ARMOR_END = b"-----END AGE ENCRYPTED FILE-----"
SSH_TAG_CHARACTERS = 5
"""How many characters of an SSH key's fingerprint an age file shows.

The file contains the first four bytes of the SHA-256, which are five complete base64 characters.
"""

NOT_SEALED = "NotSealed"
"""The code of the problem that a file is not an envelope."""

SealKind = Literal["age", "passphrase", "kms"]


@dataclass(frozen=True, slots=True)
class KmsFile:
    """An envelope that KMS encrypted. ``context`` is its encryption context.

    ``key_arn`` has the form of a key ARN with a valid Region name. It can come from a forged file.
    """

    key_arn: str
    context: Mapping[str, str]
    ciphertext: bytes = field(repr=False)

    @property
    def region(self) -> str:
        """The Region of the key."""
        return self.key_arn.split(":")[3]

    @property
    def account_id(self) -> str:
        """The id of the account of the key."""
        return self.key_arn.split(":")[4]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An envelope that has not been decrypted. ``flaw`` is why it cannot be decrypted. Other fields may then be empty.

    ``permissions`` are the permission bits of the file. ``encrypted_to`` names its recipients, as far as the file shows
    them. ``kms`` is the content of a KMS envelope.
    """

    path: Path
    content: bytes = field(repr=False)
    permissions: int
    kind: SealKind
    encrypted_to: tuple[str, ...] = ()
    kms: KmsFile | None = None
    flaw: str = ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file in hexadecimal, as in reports."""
        return hashlib.sha256(self.content).hexdigest()


def read_sealed(path: Path) -> SealedFile:
    """Read the envelope at ``path``. Raises ``Problem`` if the file cannot be read or is not an envelope."""
    content, permissions = read_small(path, "envelope")
    if is_age(content):
        return _age(path, content, permissions)
    table = _json_object(content)
    if table is None and b'"key_arn"' in content:
        return SealedFile(path, content, permissions, "kms", flaw="its JSON is not complete")
    if table is None or "key_arn" not in table:
        raise _no_envelope(path)
    try:
        kms = _kms(table)
    except ValueError as error:
        return SealedFile(path, content, permissions, "kms", flaw=str(error))
    return SealedFile(path, content, permissions, "kms", (kms.key_arn,), kms)


def read_damaged(path: Path) -> SealedFile:
    """Read a file whose content is no envelope, although a report names it as one. The result has a ``flaw``.

    Raises ``Problem`` if it cannot be read.
    """
    content, permissions = read_small(path, "envelope")
    flaw = "its content is not an envelope any more" if content else "it is empty"
    return SealedFile(path, content, permissions, "kms" if path.name.endswith(".kms.json") else "age", flaw=flaw)


def read_small(path: Path, noun: str, *, pipes: bool = False, limit: int = LIMIT_BYTES) -> tuple[bytes, int]:
    """Return the content and the permission bits of the file at ``path``. Raises ``Problem``.

    ``noun`` names the file in the problem. The file has at most ``limit`` bytes. With ``pipes``, it can be a pipe.
    """
    try:
        content, status = read_limited(path, limit, pipes=pipes)
    except UnfitFileError as error:
        raise _unreadable(path, noun, error.sentence) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a file name"
        raise _unreadable(path, noun, f"The system reports: {why}.") from None
    return content, stat.S_IMODE(status.st_mode)


def _age(path: Path, content: bytes, permissions: int) -> SealedFile:
    try:
        found = recipients(content)
    except ValueError as error:
        return SealedFile(path, content, permissions, "age", flaw=str(error))
    kind: SealKind = "passphrase" if any(words[0] == "scrypt" for words in found) else "age"
    armored = content.lstrip().startswith(b"-----")
    flaw = "its end is missing" if armored and not content.rstrip().endswith(ARMOR_END) else ""
    return SealedFile(path, content, permissions, kind, tuple(_named(words) for words in found), flaw=flaw)


def name_in_file(custodian: str) -> str:
    """Return the name that a sealed file shows for ``custodian``, which is a name as in a report."""
    kind, _, rest = custodian.partition(" ")
    if kind.startswith("ssh-"):
        return _named((kind, rest.removeprefix("SHA256:")))
    return _named(("X25519",)) if kind.startswith("age1") else custodian


def _named(words: tuple[str, ...]) -> str:
    """Return the name that a sealed file shows for a recipient with this kind and these arguments.

    age does not show the key of an X25519 recipient. It shows a part of the hash of an SSH key.
    """
    kind, *rest = words
    if kind.startswith("ssh-") and rest:
        return f"{kind} SHA256:{show(rest[0][:SSH_TAG_CHARACTERS])}…"
    return "passphrase" if kind == "scrypt" else f"an {kind} key (the file does not show whose)"


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _kms(table: Mapping[str, Any]) -> KmsFile:
    """Return the KMS envelope in ``table``. Raises ``ValueError`` if a field is missing or invalid."""
    if table.get("version") != 1:
        raise ValueError("its version is not 1: a newer program wrote it, or it was changed")
    arn, context, text = table["key_arn"], table.get("encryption_context"), table.get("ciphertext")
    if not isinstance(arn, str) or ":key/" not in arn:
        raise ValueError("key_arn is not the ARN of a key")
    rules.kms_key_id(arn)
    rules.region(arn.split(":")[3])
    if not isinstance(context, dict) or not all(isinstance(value, str) for value in context.values()):
        raise ValueError("encryption_context is not a table of texts")
    try:
        ciphertext = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError):
        ciphertext = b""
    if not ciphertext:
        raise ValueError("ciphertext is missing or not base64")
    return KmsFile(arn, context, ciphertext)


def _no_envelope(path: Path) -> Problem:
    return Problem(
        f"{show(str(path), 200)} is not an envelope.",
        why="By its content, it is neither an age file nor a JSON file with a key_arn.",
        next="Choose an envelope that report.json names. Their names end in .age or .kms.json.",
        kind=Kind.USAGE,
        code=NOT_SEALED,
    )


def _unreadable(path: Path, noun: str, why: str) -> Problem:
    next = "Check the path and your permission to read it."
    return Problem(f"The {noun} {show(str(path), 200)} cannot be read.", why=why, next=next, kind=Kind.USAGE)

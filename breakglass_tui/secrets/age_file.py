"""Reads the header of an age file, which needs no key. Source: age-encryption.org/v1, header."""

from __future__ import annotations

import base64
import binascii

ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
INTRO = b"age-encryption.org/v1"
KNOWN = ("X25519", "ssh-ed25519", "ssh-rsa", "scrypt")
"""The kinds of recipients that this program knows.

age adds recipients of random kinds (grease), so that readers learn to ignore unknown kinds.
"""
HEADER_LINES = 1000


def is_age(content: bytes) -> bool:
    """Return whether ``content`` is an age file, armored or not."""
    return content.lstrip().startswith((ARMOR, INTRO))


def stanzas(content: bytes) -> tuple[str, ...]:
    """Return the kind of each known recipient of the file, such as ``X25519``.

    Raises ``ValueError`` if it is no age file.
    """
    return tuple(kind for kind, *_ in recipients(content))


def recipients(content: bytes) -> tuple[tuple[str, ...], ...]:
    """Return the kind and the arguments of each known recipient in the header of an age file.

    Each item is a tuple such as ``("X25519", ARGUMENT)``. Raises ``ValueError`` if ``content`` is not an age file.
    """
    lines = _binary(content).split(b"\n", HEADER_LINES)
    if lines[0] != INTRO:
        raise ValueError("not an age file")
    found: list[tuple[str, ...]] = []
    for line in lines[1:]:
        if line.startswith(b"---"):
            return tuple(words for words in found if words[0] in KNOWN)
        if line.startswith(b"-> "):
            found.append(tuple(line[3:].decode("ascii", "replace").split(" ")))
    raise ValueError("the header of the age file has no end")


def _binary(content: bytes) -> bytes:
    content = content.strip() if content.lstrip().startswith(ARMOR) else content
    if not content.startswith(ARMOR):
        return content
    lines = content.splitlines()
    try:
        return base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except binascii.Error:
        raise ValueError("the armor of the age file is damaged") from None

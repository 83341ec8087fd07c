"""The age seal: opens without AWS, with the plain ``age`` program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyrage

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show


class AgeSeal:
    """Closes an envelope to one or more age recipients; any one of them opens it."""

    kind = "age"
    suffix = "age"

    def __init__(self, recipients: Sequence[str]) -> None:
        self._recipients = [_recipient(text) for text in recipients]

    def close(self, content: bytes, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - a Seal
        """An armored age file; ``context`` is inside the content already."""
        return bytes(pyrage.encrypt(content, self._recipients, armored=True))


def _recipient(text: str) -> pyrage.x25519.Recipient | pyrage.ssh.Recipient:
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Problem(
            f"{show(text, 80)} is not a usable age recipient.",
            why="Its checksum or form is wrong.",
            next="Copy it again; it is the line that age-keygen prints as the public key.",
            kind=Kind.USAGE,
        ) from None

"""The age seal. The plain ``age`` program opens its envelopes without AWS."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import pyrage

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.age_file import stanzas

SUFFIX = "age"
_GROUP = re.compile(rf"\.(\d+(?:\+\d+)+)\.{SUFFIX}$")


class AgeSeal:
    """Encrypts an envelope to age recipients. Any one of them can open it, or only all of them ``together``.

    Raises ``Problem`` for a text that is not a recipient.
    """

    kind = "age"

    def __init__(self, recipients: Sequence[str], *, together: bool = False, suffix: str = SUFFIX) -> None:
        self.suffix = suffix
        self.custodians = tuple(custodian(text) for text in recipients)
        self.needs = len(recipients) if together else 1
        all_of_them = [_recipient(text) for text in recipients]
        self._layers = [[one] for one in all_of_them] if together else [all_of_them]

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - a Seal
        """Return an armored age file. ``content`` already contains ``context``. Raises ``Problem``.

        The program does not have the private keys, so it cannot decrypt the result. It reads the recipients in the
        header instead.
        """
        for layer in self._layers:
            outermost = layer is self._layers[-1]
            content = bytes(pyrage.encrypt(content, layer, armored=outermost))
            if len(stanzas(content)) != len(layer):
                raise _wrong_recipients()
        return content


def age_seals(recipients: Sequence[str], threshold: int = 1) -> tuple[AgeSeal, ...]:
    """Return seals that any ``threshold`` of ``recipients`` can open: one file for each such group of custodians.

    The file of a group is encrypted to its members in turn. So every layer is authenticated, and plain ``age`` opens
    it. Its name has the positions of the members in the list: ``1+3.age``. Raises ``Problem``.
    """
    groups = custodian_groups(recipients, threshold)
    return tuple(AgeSeal(members, together=threshold > 1, suffix=suffix) for suffix, members in groups)


def custodian_groups(recipients: Sequence[str], threshold: int = 1) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the name suffix and the recipients of each file.

    With a ``threshold`` of one, there is a single file that each recipient can open. Otherwise, a file needs all of its
    recipients.
    """
    if threshold == 1 or not recipients:
        return ((SUFFIX, tuple(recipients)),) if recipients else ()
    groups = combinations(enumerate(recipients, start=1), threshold)
    return tuple((f"{_places(group)}.{SUFFIX}", tuple(text for _, text in group)) for group in groups)


def custodians_needed(name: str) -> int:
    """Return how many custodians must act together, from the name of a group's file. Any other name means 1."""
    named = _GROUP.search(name)
    return named[1].count("+") + 1 if named else 1


def custodian(recipient: str) -> str:
    """Return a recipient in the form that people compare: an SSH key as fingerprint (see ssh-keygen -l) and comment."""
    if not recipient.startswith("ssh-"):
        return recipient
    kind, key, *comment = recipient.split()
    try:
        digest = hashlib.sha256(base64.b64decode(key, validate=True)).digest()
    except ValueError:
        return show(recipient, 80)
    fingerprint = base64.b64encode(digest).decode().rstrip("=")
    return " ".join([kind, f"SHA256:{fingerprint}", *comment])


def _places(group: Sequence[tuple[int, str]]) -> str:
    return "+".join(str(place) for place, _ in group)


def _recipient(text: str) -> pyrage.x25519.Recipient | pyrage.ssh.Recipient:
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Problem(
            f"{show(text, 80)} is not a valid age recipient.",
            why="Its checksum or form is wrong.",
            next="Copy the recipient again. age-keygen prints it in the line with the public key.",
            kind=Kind.USAGE,
        ) from None


def _wrong_recipients() -> Problem:
    return Problem(
        "The header of a sealed file does not have the recipients that it was encrypted to.",
        why="The header was read again after encryption. Some custodians may not be able to open the file.",
        next="Try again. If this happens again, use another recipient.",
        kind=Kind.LOCAL,
    )

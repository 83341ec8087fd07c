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
    """The seal for age recipients.

    Opening needs the private key of any one of them, or with ``together`` of all of them.

    Raises ``Problem`` if one of ``recipients`` is not an age recipient.
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

        This program does not have the private keys, so it cannot decrypt the file to verify it. Instead, it verifies
        the number of recipients in the header.
        """
        for layer in self._layers:
            outermost = layer is self._layers[-1]
            content = bytes(pyrage.encrypt(content, layer, armored=outermost))
            if len(stanzas(content)) != len(layer):
                raise _wrong_recipients()
        return content


def age_seals(recipients: Sequence[str], threshold: int = 1) -> tuple[AgeSeal, ...]:
    """Return the seals with which any ``threshold`` of ``recipients`` can open a secret. Raises ``Problem``.

    With a ``threshold`` of 1, there is one seal. Otherwise, there is one seal for each combination of so many
    recipients. The file of a combination is encrypted to its members in turn, so plain ``age`` opens it layer by layer.
    Its name has the positions of the members in ``recipients``, such as ``1+3.age``.
    """
    groups = custodian_groups(recipients, threshold)
    return tuple(AgeSeal(members, together=threshold > 1, suffix=suffix) for suffix, members in groups)


def custodian_groups(recipients: Sequence[str], threshold: int = 1) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the file name suffix and the recipients of each file.

    With a ``threshold`` of 1, there is one file, and any of its recipients can open it. Otherwise, each file needs all
    of its recipients together.
    """
    if threshold == 1 or not recipients:
        return ((SUFFIX, tuple(recipients)),) if recipients else ()
    groups = combinations(enumerate(recipients, start=1), threshold)
    return tuple((f"{_places(group)}.{SUFFIX}", tuple(text for _, text in group)) for group in groups)


def custodians_needed(name: str) -> int:
    """Return how many custodians must act together to open the file ``name``.

    The name shows it: 2 for ``1+3.age``. Any other form of name means 1.
    """
    named = _GROUP.search(name)
    return named[1].count("+") + 1 if named else 1


def custodian(recipient: str) -> str:
    """Return ``recipient`` as people compare it: an SSH key as fingerprint (as in ssh-keygen -l) and comment.

    An age recipient is returned unchanged.
    """
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

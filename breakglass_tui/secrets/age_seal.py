"""The age seal: opens without AWS, with the plain ``age`` program."""

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
    """Closes an envelope to age recipients: any one of them opens it, or only all of them ``together``.

    Raises ``Problem`` for a text that is no recipient.
    """

    kind = "age"

    def __init__(self, recipients: Sequence[str], *, together: bool = False, suffix: str = SUFFIX) -> None:
        self.suffix = suffix
        self.custodians = tuple(custodian(text) for text in recipients)
        self.needs = len(recipients) if together else 1
        all_of_them = [_recipient(text) for text in recipients]
        self._layers = [[one] for one in all_of_them] if together else [all_of_them]

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - a Seal
        """An armored age file; ``context`` is inside the content already. Raises ``Problem``.

        What was closed to a private key of somebody else cannot be opened here; its header tells who can.
        """
        for layer in self._layers:
            outermost = layer is self._layers[-1]
            content = bytes(pyrage.encrypt(content, layer, armored=outermost))
            if len(stanzas(content)) != len(layer):
                raise _not_closed()
        return content


def age_seals(recipients: Sequence[str], threshold: int = 1) -> tuple[AgeSeal, ...]:
    """The seals with which any ``threshold`` of ``recipients`` open: one file for each such group of custodians.

    A group's file is closed to its members in turn, so every layer is authenticated and ``age`` alone opens it. Its
    name has the members' places in the list: ``1+3.age``. Raises ``Problem``.
    """
    groups = custodian_groups(recipients, threshold)
    return tuple(AgeSeal(members, together=threshold > 1, suffix=suffix) for suffix, members in groups)


def custodian_groups(recipients: Sequence[str], threshold: int = 1) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each file that is made: the ending of its name, and those it is closed to.

    With a ``threshold`` of one that is a single file, which each of them opens; else it takes all who are named.
    """
    if threshold == 1 or not recipients:
        return ((SUFFIX, tuple(recipients)),) if recipients else ()
    groups = combinations(enumerate(recipients, start=1), threshold)
    return tuple((f"{_places(group)}.{SUFFIX}", tuple(text for _, text in group)) for group in groups)


def custodians_needed(name: str) -> int:
    """How many must act together, as the name of a group's file tells; 1 for any other name."""
    named = _GROUP.search(name)
    return named[1].count("+") + 1 if named else 1


def custodian(recipient: str) -> str:
    """A recipient as a person compares it: an SSH key by its fingerprint (as ssh-keygen -l) and comment."""
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
            f"{show(text, 80)} is not a usable age recipient.",
            why="Its checksum or form is wrong.",
            next="Copy it again; it is the line that age-keygen prints as the public key.",
            kind=Kind.USAGE,
        ) from None


def _not_closed() -> Problem:
    return Problem(
        "A sealed file does not name the recipients it was closed to.",
        why="Its header was read again after sealing; it may not open for everybody.",
        next="Try again; if it stays so, seal with another recipient.",
        kind=Kind.LOCAL,
    )

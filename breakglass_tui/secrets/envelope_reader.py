"""Opening an envelope: from the sealed file to what is in it, and back to nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyrage

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.age_file import is_age
from breakglass_tui.secrets.age_seal import custodians_needed
from breakglass_tui.secrets.identities import Identity
from breakglass_tui.secrets.passphrase_seal import decrypt_with_passphrase
from breakglass_tui.secrets.pyrage_panics import Panicked, no_panic
from breakglass_tui.secrets.sealed_file import SealedFile
from breakglass_tui.secrets.secret import Secret

APP = "breakglass-tui"
NO_ENVELOPE = "NoEnvelope"
DOES_NOT_OPEN = "DoesNotOpen"
"""The code of every problem that means: this is an envelope, and with this it does not open."""
LAYERS = 20
FACTS = ("account", "user", "contents", "run")
PUBLIC = ("access_key_id", "serial_number")
"""Fields of a secret that are no secret."""


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """What was in an envelope: whose it is, and the secrets, each masked; ``document`` is all of it as JSON.

    ``layers`` is how often it was sealed: so many custodians it took together.
    """

    facts: Mapping[str, str]
    secrets: Mapping[str, Secret]
    document: Secret
    layers: int = 1

    def wipe(self) -> None:
        """Drop every secret."""
        for secret in (self.document, *self.secrets.values()):
            secret.wipe()


def open_with_identities(sealed: SealedFile, identities: Sequence[Identity]) -> OpenedEnvelope:
    """What ``identities`` open, layer by layer: an envelope for several custodians needs one of each.

    Raises ``Problem``.
    """
    require_undamaged(sealed)
    content = sealed.content
    for layer in range(LAYERS):
        if not is_age(content):
            return parse_envelope(content, layers=layer)
        try:
            with no_panic():
                content = bytes(pyrage.decrypt(content, list(identities)))
        except (pyrage.DecryptError, Panicked) as error:
            raise _does_not_open(str(error), layer, sealed, len(identities)) from None
    raise _damaged("It is sealed more often than any envelope is.")


def open_with_passphrase(sealed: SealedFile, passphrase: Secret) -> OpenedEnvelope:
    """What ``passphrase`` opens; takes seconds. Raises ``Problem``."""
    require_undamaged(sealed)
    return parse_envelope(decrypt_with_passphrase(sealed.content, passphrase))


def parse_envelope(content: bytes, *, layers: int = 1) -> OpenedEnvelope:
    """The plaintext of an envelope, understood. Raises ``Problem`` for what this program did not seal."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict) or table.get("app") != APP:
        raise _not_an_envelope("What was sealed in it is not a secret that this program seals.")
    if table.get("version") != 1:
        raise _not_an_envelope("Another version of this program sealed it.")
    fields = table.get("secret")
    texts = [table.get(name) for name in FACTS]
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in (*texts, *fields.values())):
        raise _not_an_envelope("Parts of what is in it are missing.")
    return _envelope_of(table, fields, layers)


def _envelope_of(table: Mapping[str, Any], fields: Mapping[str, str], layers: int) -> OpenedEnvelope:
    public = {name: fields[name] for name in PUBLIC if name in fields}
    hidden = {name: Secret(value) for name, value in fields.items() if name not in PUBLIC}
    facts = {name: str(table[name]) for name in FACTS}
    return OpenedEnvelope({**facts, **public}, hidden, Secret(json.dumps(table)), layers)


def require_undamaged(sealed: SealedFile) -> None:
    """Raises ``Problem`` for a file whose damage shows from outside."""
    if sealed.flaw:
        raise _damaged(f"It is damaged: {show(sealed.flaw)}.")


def _damaged(why: str) -> Problem:
    return Problem(
        "The envelope does not open.",
        why=why,
        next="Take another copy of this file, or another of the envelopes that report.json names.",
        kind=Kind.USAGE,
        code=DOES_NOT_OPEN,
    )


def _does_not_open(said: str, layer: int, sealed: SealedFile, given: int) -> Problem:
    """What pyrage says of a file it does not open; only a missing key leaves the header in doubt."""
    if not said.startswith("No matching keys"):
        return _damaged("The key fits, but the file was changed or cut off after it was sealed.")
    beyond = f" The first {layer} of its layers opened." if layer > 1 else " Its first layer opened." if layer else ""
    takes = max(custodians_needed(sealed.path.name), layer + 1)
    if takes > max(given, 1):
        return Problem(
            "The envelope does not open with what was given.",
            why=f"It takes {takes} together, {given} {'was' if given == 1 else 'were'} given.{beyond}",
            next=f"Give the private key of each custodian, -i once for each: {' '.join(['-i FILE'] * takes)}",
            kind=Kind.USAGE,
            code=DOES_NOT_OPEN,
        )
    return Problem(
        "The envelope does not open with what was given.",
        why=f"It was sealed to other recipients, or it was changed.{beyond}",
        next="Give the custodian's private key with --identity FILE; one for each, if it takes several together.",
        kind=Kind.USAGE,
        code=DOES_NOT_OPEN,
    )


def _not_an_envelope(why: str) -> Problem:
    return Problem(
        "The file opened, but it is not an envelope of this program.",
        why=why,
        next="Nothing of it is shown. Open it with the program that made it, as: age -d -i IDENTITY FILE",
        kind=Kind.USAGE,
        code=NO_ENVELOPE,
    )

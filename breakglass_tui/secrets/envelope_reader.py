"""Opens envelopes: decrypts a sealed file and validates its content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyrage

from breakglass_tui.domain import identifiers
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
"""The code of the problem that an envelope does not open with the given key or passphrase."""
LAYERS = 20
FACTS = ("account", "user", "contents", "run")
PUBLIC = ("access_key_id", "serial_number")
"""The fields of an envelope that are not secret, although they are stored with the secret."""
FORMS = {
    "account": identifiers.ACCOUNT_ID,
    "user": identifiers.USER_NAME,
    "run": identifiers.RUN_ID,
    "access_key_id": identifiers.ACCESS_KEY_ID,
    "serial_number": identifiers.MFA_SERIAL,
}
"""The form of each public value. Who has a recipient can encrypt any content to it."""


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """The content of an envelope.

    ``facts`` are public values: account, user, contents, run, and ids. ``secrets`` are the masked secrets by name.
    ``document`` is the complete content as JSON. ``layers`` is how often it was encrypted: the number of custodians who
    opened it together.
    """

    facts: Mapping[str, str]
    secrets: Mapping[str, Secret]
    document: Secret
    layers: int = 1

    def wipe(self) -> None:
        """Drop the texts of all secrets."""
        for secret in (self.document, *self.secrets.values()):
            secret.wipe()


def open_with_identities(sealed: SealedFile, identities: Sequence[Identity]) -> OpenedEnvelope:
    """Decrypt an age envelope with private keys, layer by layer, and return its content. Raises ``Problem``.

    An envelope that several custodians open together needs one identity of each.
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
    raise _damaged("It has more layers than an envelope can have.")


def open_with_passphrase(sealed: SealedFile, passphrase: Secret) -> OpenedEnvelope:
    """Decrypt an envelope with a passphrase and return its content. Takes seconds. Raises ``Problem``."""
    require_undamaged(sealed)
    return parse_envelope(decrypt_with_passphrase(sealed.content, passphrase))


def parse_envelope(content: bytes, *, layers: int = 1) -> OpenedEnvelope:
    """Return the envelope in the decrypted ``content``. Raises ``Problem`` if this program did not write it."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict) or table.get("app") != APP:
        raise _not_an_envelope("Its content is not a secret that this program seals.")
    if table.get("version") != 1:
        raise _not_an_envelope("Another version of this program sealed it.")
    fields = table.get("secret")
    texts = [table.get(name) for name in FACTS]
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in (*texts, *fields.values())):
        raise _not_an_envelope("Parts of its content are missing.")
    values = {**table, **fields}
    for name, form in FORMS.items():
        if name in values and (error := form.error(values[name])):
            raise _not_an_envelope(f"Its content was forged: {error}.")
    return _envelope_of(table, fields, layers)


def _envelope_of(table: Mapping[str, Any], fields: Mapping[str, str], layers: int) -> OpenedEnvelope:
    public = {name: fields[name] for name in PUBLIC if name in fields}
    hidden = {name: Secret(value) for name, value in fields.items() if name not in PUBLIC}
    facts = {name: str(table[name]) for name in FACTS}
    return OpenedEnvelope({**facts, **public}, hidden, Secret(json.dumps(table)), layers)


def require_undamaged(sealed: SealedFile) -> None:
    """Raise ``Problem`` if the file is visibly damaged, so that decryption cannot succeed."""
    if sealed.flaw:
        raise _damaged(f"It is damaged: {show(sealed.flaw)}.")


def _damaged(why: str) -> Problem:
    return Problem(
        "The envelope does not open.",
        why=why,
        next="Use another copy of this file, or another envelope that report.json names.",
        kind=Kind.USAGE,
        code=DOES_NOT_OPEN,
    )


def _does_not_open(error: str, layer: int, sealed: SealedFile, given: int) -> Problem:
    """Return the problem for pyrage's ``error`` at ``layer``. ``given`` is the number of identities.

    If a key matches, the header is intact, so the rest of the file is damaged.
    """
    if not error.startswith("No matching keys"):
        return _damaged("The key matches, but the file was changed or cut short after encryption.")
    opened = f" The first {layer} of its layers opened." if layer > 1 else " Its first layer opened." if layer else ""
    needed = max(custodians_needed(sealed.path.name), layer + 1)
    if needed > max(given, 1):
        return Problem(
            "The envelope does not open with these keys.",
            why=f"It needs {needed} private keys together, and you gave {given}.{opened}",
            next=f"Give the private key file of each custodian: {' '.join(['-i FILE'] * needed)}",
            kind=Kind.USAGE,
            code=DOES_NOT_OPEN,
        )
    return Problem(
        "The envelope does not open with these keys.",
        why=f"It is encrypted to other recipients, or it was changed.{opened}",
        next="Give the custodian's private key with --identity FILE. If several custodians must act together, give one "
        "for each.",
        kind=Kind.USAGE,
        code=DOES_NOT_OPEN,
    )


def _not_an_envelope(why: str) -> Problem:
    return Problem(
        "The file was decrypted, but it is not an envelope of this program.",
        why=why,
        next="Its content is not shown. Use the program that created it. For age, with your paths for IDENTITY and "
        "FILE: age -d -i IDENTITY FILE",
        kind=Kind.USAGE,
        code=NO_ENVELOPE,
    )

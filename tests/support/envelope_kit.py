"""Envelopes for tests, and readers of age files from other projects."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyrage

from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.secret import Secret

ACCOUNT_ID = "123456789012"
PASSWORD = "Hush-Canary-77-Hush"
PASSPHRASE = "velvet 9 tractor nibbles cold zinc"
ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


CONTEXT = {"app": "breakglass-tui", "account": ACCOUNT_ID, "user": "bg-alice", "contents": "password", "run": "00aa"}
"""The encryption context of an envelope that KMS encrypted, and the same facts inside it."""


def content(**changes):
    """The contents of an envelope, as bytes."""
    return json.dumps({"version": 1, **CONTEXT, "secret": {"password": PASSWORD}, **changes}).encode()


@dataclass
class Custodian:
    """A person with an age identity in a file."""

    file: Path
    identity: pyrage.x25519.Identity
    recipient: str


def custodian(directory, name):
    """Create a custodian. The identity file has the format of age-keygen."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    file = directory / f"{name}.txt"
    file.write_text(f"# created: 2026-11-22T09:00:00Z\n# public key: {recipient}\n{identity}\n")
    return Custodian(file, identity, recipient)


def sealed(directory, recipients, threshold=1):
    """Return the envelopes that a run encrypts to the custodians."""
    envelopes = Envelopes(directory, account_id=ACCOUNT_ID, run_id="00aa")
    seals = age_seals(recipients, threshold)
    return envelopes.write("password", {"password": Secret(PASSWORD)}, seals, user_name="bg-alice")


@cache
def locked():
    """Return an envelope that ``PASSPHRASE`` opens. It is created once, because it takes seconds."""
    return bytes(pyrage.passphrase.encrypt(content(), PASSPHRASE, armored=True))


def piped(text):
    """Return a file descriptor from which ``text`` can be read once."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    return read


def ssh_key(directory, kind="ed25519", passphrase=""):
    """Return a private key in a file, and its public key line."""
    file = directory / f"id_{kind}{'_locked' if passphrase else ''}"
    made = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "alice@example", "-f", str(file)]
    subprocess.run(made, check=True, stdin=subprocess.DEVNULL)
    return file, file.with_suffix(".pub").read_text().strip()


def kms_file(path, **changes):
    """Return an envelope that only KMS can open."""
    table = {"version": 1, "key_arn": ARN, "encryption_context": CONTEXT, "ciphertext": "c2VhbGVk"}
    path.write_text(json.dumps({**table, **changes}))
    path.chmod(0o600)
    return path


def by_pyrage(path, *files):
    """Open an envelope with the library, layer by layer, with one identity each."""
    inside = path.read_bytes()
    for file in reversed(files):
        identity = pyrage.x25519.Identity.from_str(file.read_text().splitlines()[-1])
        inside = pyrage.decrypt(inside, [identity])
    return inside


def by_program(path, *files):
    """Open an envelope with the program ``age``, if it is installed."""
    inside = path.read_bytes()
    for file in reversed(files):
        inside = subprocess.run(["age", "-d", "-i", file], input=inside, capture_output=True, check=True).stdout
    return inside


READERS = [by_pyrage, *([by_program] if shutil.which("age") else [])]
"""The readers of this machine. The library is always one of them."""

"""The passphrase seal: an age file that opens with a passphrase, without AWS and without a private key."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets import scrypt_child
from breakglass_tui.secrets.secret import Secret

PASSPHRASE = "passphrase"  # noqa: S105 - a name, not a secret
"""The name of the passphrase in the vault. It is also the kind of the seal, and the name of its custodian."""
SUFFIX = "passphrase.age"
WITHIN_S = 60.0
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not confused with each other when they are read aloud or written down."""
GROUPS, GROUP = 6, 4
"""The number of groups, and the characters of each: 24 of 31 possible characters, which is 118 bits."""

# Each key derivation needs 256 MiB, and steps seal their secrets in parallel. This limits the memory in use.
_one_at_a_time = threading.Lock()


class PassphraseSeal:
    """The seal with a passphrase. It decrypts each envelope after encryption, to verify that it opens."""

    kind = PASSPHRASE
    suffix = SUFFIX
    custodians = (PASSPHRASE,)
    needs = 1

    def __init__(self, passphrase: Secret) -> None:
        self._passphrase = passphrase

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - a Seal
        """Return an armored age file. Takes seconds. ``content`` already contains ``context``. Raises ``Problem``."""
        sealed = _run_scrypt("encrypt", content, self._passphrase)
        if not compare_digest(_run_scrypt("decrypt", sealed, self._passphrase), content):
            raise _does_not_open()
        return sealed


def decrypt_with_passphrase(sealed: bytes, passphrase: Secret) -> bytes:
    """Return the content of an age file that is encrypted with a passphrase. Takes seconds. Raises ``Problem``."""
    return _run_scrypt("decrypt", sealed, passphrase)


def generate_passphrase() -> Secret:
    """Return a random passphrase: six groups of four characters that are easy to read aloud and to type."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return Secret("-".join(groups))


def _run_scrypt(do: str, content: bytes, passphrase: Secret) -> bytes:
    asked = {"do": do, "content": base64.b64encode(content).decode(), "passphrase": passphrase.reveal()}
    command = [sys.executable, "-I", "-B", str(Path(scrypt_child.__file__).resolve())]
    with _one_at_a_time:
        try:
            # In a new session, Ctrl+C on this terminal does not interrupt the encryption.
            done = subprocess.run(  # noqa: S603 - the same Python, and a file of this package
                command,
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                start_new_session=True,
                timeout=WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _derivation_failed(type(error).__name__) from None
    if done.returncode == scrypt_child.DOES_NOT_OPEN:
        raise _does_not_open()
    if done.returncode == scrypt_child.TOO_MUCH_WORK:
        raise _too_slow()
    if done.returncode:
        raise _derivation_failed(f"exit status {done.returncode}")
    return done.stdout


def passphrase_missing() -> Problem:
    """Return the problem that the request needs a passphrase and this process does not have it."""
    return Problem(
        "The passphrase of the seal is missing.",
        why="It is stored nowhere. Without it, the new secrets cannot be sealed.",
        next="Enter it when the program asks for it, or pass it with --passphrase-fd.",
        kind=Kind.USAGE,
        code="NoPassphrase",
    )


def _does_not_open() -> Problem:
    return Problem(
        "This passphrase does not open the envelope.",
        why="The passphrase is wrong, or the file was changed.",
        next="Enter it again. Upper and lower case and spaces matter.",
        kind=Kind.USAGE,
        code="DoesNotOpen",
    )


def _too_slow() -> Problem:
    return Problem(
        "This machine is too slow or too busy to derive the key from the passphrase.",
        why="The file was encrypted on a faster machine. The key derivation would take a minute or more here.",
        next="Close other programs and try again. Or use the age program, with the path of your file for FILE: "
        "age -d FILE",
        kind=Kind.LOCAL,
    )


def _derivation_failed(why: str) -> Problem:
    return Problem(
        "The key could not be derived from the passphrase.",
        why=f"The key derivation runs in a separate process that needs 256 MiB of memory: {why}.",
        next="Close other programs and try again, or use an age recipient instead.",
        kind=Kind.LOCAL,
    )

"""The passphrase seal: an age file that opens with words, without AWS and without a key."""

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
"""The name in the run's vault, the kind of the seal, and the custodian."""
SUFFIX = "passphrase.age"
WITHIN_S = 60.0
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud or written down."""
GROUPS, GROUP = 6, 4
"""24 characters of 31: 118 bits."""

# Each derivation takes 256 MiB: secrets that are sealed side by side must not take three times that.
_one_at_a_time = threading.Lock()


class PassphraseSeal:
    """Closes an envelope with a passphrase, and proves that it opens again."""

    kind = PASSPHRASE
    suffix = SUFFIX
    custodians = (PASSPHRASE,)
    needs = 1

    def __init__(self, passphrase: Secret) -> None:
        self._passphrase = passphrase

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - a Seal
        """An armored age file, after some seconds; ``context`` is inside the content already. Raises ``Problem``."""
        sealed = _run_scrypt("encrypt", content, self._passphrase)
        if not compare_digest(_run_scrypt("decrypt", sealed, self._passphrase), content):
            raise _does_not_open()
        return sealed


def decrypt_with_passphrase(sealed: bytes, passphrase: Secret) -> bytes:
    """The content of an age file that a passphrase closes; takes seconds. Raises ``Problem``."""
    return _run_scrypt("decrypt", sealed, passphrase)


def generate_passphrase() -> Secret:
    """Six groups of four characters that are easy to read aloud and to type."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return Secret("-".join(groups))


def _run_scrypt(do: str, content: bytes, passphrase: Secret) -> bytes:
    asked = {"do": do, "content": base64.b64encode(content).decode(), "passphrase": passphrase.reveal()}
    command = [sys.executable, "-I", "-B", str(Path(scrypt_child.__file__).resolve())]
    with _one_at_a_time:
        try:
            # A session of its own: Ctrl+C on this terminal must not end a sealing half-way.
            done = subprocess.run(  # noqa: S603 - this very Python, and a file of this package
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
        raise _derivation_failed(f"it ended with {done.returncode}")
    return done.stdout


def passphrase_missing() -> Problem:
    """The request seals with a passphrase, and nobody has given it to this process."""
    return Problem(
        "The passphrase that seals is not known here.",
        why="It is never written down, and without it a secret would be made that could not be kept.",
        next="Type it when you are asked, or hand it over with --passphrase-fd.",
        kind=Kind.USAGE,
        code="NoPassphrase",
    )


def _does_not_open() -> Problem:
    return Problem(
        "This passphrase does not open the envelope.",
        why="It is another one, or the file was changed.",
        next="Type it again; upper and lower case and spaces count.",
        kind=Kind.USAGE,
        code="DoesNotOpen",
    )


def _too_slow() -> Problem:
    return Problem(
        "This machine is too slow, or too busy now, to derive the key of the passphrase.",
        why="The file was sealed on a faster one, and deriving its key would take a minute or more here.",
        next="Close other programs and try again, or use the age program, which waits: age -d FILE",
        kind=Kind.LOCAL,
    )


def _derivation_failed(why: str) -> Problem:
    return Problem(
        "The key of the passphrase could not be derived.",
        why=f"That is done in a process of its own, which takes 256 MiB of memory: {why}.",
        next="Close other programs and try again, or seal to an age recipient instead.",
        kind=Kind.LOCAL,
    )

"""A separate program that encrypts or decrypts one age file with a passphrase, and exits.

The key derivation takes seconds and blocks Python during that time. So the app runs it in a child process. The input is
one JSON document on stdin, and the result is on stdout. So a list of processes shows no secret.
"""

from __future__ import annotations

import base64
import ctypes
import json
import sys

import pyrage

DOES_NOT_OPEN = 3
TOO_MUCH_WORK = 4
LEAST_WORK = 17
"""The lowest accepted work factor. It costs half a second of CPU time for each guess, and 128 MiB.

The age program uses 18.
"""
CLOSING_TRIES = 8
OPENING_TRIES = 50
EXCESSIVE = "Excessive work parameter"
"""The start of pyrage's error for a file whose key derivation would take too long on this machine."""
PR_SET_DUMPABLE = 4


def main() -> int:
    """Encrypt or decrypt the file on stdin, and write the result to stdout. Return the exit status.

    It is 0, or ``DOES_NOT_OPEN`` if the passphrase is wrong, or ``TOO_MUCH_WORK`` if pyrage refuses the key derivation.
    """
    if sys.platform.startswith("linux"):
        # No other process of this user may attach to this process and read the secret.
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    order = json.load(sys.stdin.buffer)
    content, passphrase = base64.b64decode(order["content"]), order["passphrase"]
    try:
        result = encrypt(content, passphrase) if order["do"] == "encrypt" else decrypt(content, passphrase)
    except pyrage.DecryptError as error:
        return TOO_MUCH_WORK if str(error).startswith(EXCESSIVE) else DOES_NOT_OPEN
    sys.stdout.buffer.write(result)
    return 0


def encrypt(content: bytes, passphrase: str) -> bytes:
    """Return an armored age file with a work factor of at least ``LEAST_WORK``.

    pyrage measures the machine each time and aims at one second of work. On a busy machine, it chooses a factor that
    makes guesses cheap. So encryption is repeated a few times, and the file with the highest factor is used.
    """
    best = b""
    for _ in range(CLOSING_TRIES):
        sealed = bytes(pyrage.passphrase.encrypt(content, passphrase, armored=True))
        best = max(best, sealed, key=work_factor)
        if work_factor(best) >= LEAST_WORK:
            break
    return best


def work_factor(sealed: bytes) -> int:
    """Return the work factor of an armored age file: the base-2 logarithm of scrypt's N. Return 0 for an empty file."""
    head = base64.b64decode(b"".join(sealed.split(b"\n")[1:3])).splitlines()
    return int(head[1].split()[-1]) if head else 0


def decrypt(content: bytes, passphrase: str) -> bytes:
    """Return the content of the file. Raises ``pyrage.DecryptError``.

    pyrage measures the machine each time, for some milliseconds. It refuses a file whose key derivation would take much
    longer than a second. A busy machine seems slow, so decryption is repeated.
    """
    for tries_left in range(OPENING_TRIES - 1, -1, -1):
        try:
            return bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError as error:
            if not tries_left or not str(error).startswith(EXCESSIVE):
                raise
    raise AssertionError("the last attempt returns or raises")


if __name__ == "__main__":
    sys.exit(main())

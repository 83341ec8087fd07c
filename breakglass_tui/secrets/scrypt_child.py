"""A separate program that encrypts or decrypts one age file with a passphrase, and exits.

The key derivation takes seconds and blocks Python during that time, so it runs in a process beside the app. The input
is one JSON document on stdin, the result is on stdout. So a process list shows no secret.
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
"""Half a second of CPU time on a current processor for each guess, and 128 MiB. The age program itself uses 18."""
CLOSING_TRIES = 8
OPENING_TRIES = 50
EXCESSIVE = "Excessive work parameter"
"""The start of pyrage's error for a file whose key derivation would take a minute on this machine."""
PR_SET_DUMPABLE = 4


def main() -> int:
    """Encrypt or decrypt the input. Return 0, 3 if the passphrase does not open the file, 4 if pyrage does not try."""
    if sys.platform.startswith("linux"):
        # No other process of this user may attach and read the secret that comes in next.
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
    """Return an armored age file with a work factor of at least ``LEAST_WORK``, or the highest of several attempts.

    pyrage measures the machine each time and aims at one second of work. A measurement on a busy machine would make
    guessing cheap for ever.
    """
    best = b""
    for _ in range(CLOSING_TRIES):
        sealed = bytes(pyrage.passphrase.encrypt(content, passphrase, armored=True))
        best = max(best, sealed, key=work_factor)
        if work_factor(best) >= LEAST_WORK:
            break
    return best


def work_factor(sealed: bytes) -> int:
    """Return the base-2 logarithm of scrypt's N in the header of an armored age file, or 0 for an empty file."""
    head = base64.b64decode(b"".join(sealed.split(b"\n")[1:3])).splitlines()
    return int(head[1].split()[-1]) if head else 0


def decrypt(content: bytes, passphrase: str) -> bytes:
    """Return the content of the file. Raises ``pyrage.DecryptError``.

    pyrage measures the machine each time, for some milliseconds, and refuses a file that would take much longer than a
    second. A busy machine measures as slow, so the measurement is repeated.
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

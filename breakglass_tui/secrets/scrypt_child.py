"""A program of its own: opens or closes one age file with a passphrase, and ends.

Deriving the key takes seconds and all that time keeps Python from running anything else, so it happens in a process
beside the app. In comes one JSON document on stdin, out goes the result on stdout: a process list shows nothing.
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
"""Half a second of a processor of today for each guess, and 128 MiB; the age program itself takes 18."""
CLOSING_TRIES = 8
OPENING_TRIES = 50
EXCESSIVE = "Excessive work parameter"
"""How pyrage's refusal begins of a file that this machine would take a minute for."""
PR_SET_DUMPABLE = 4


def main() -> int:
    """Do what stdin asks for; exits with 0, 3 if the passphrase does not open the file, 4 if pyrage will not try."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody may attach and read what is about to come in
    asked = json.load(sys.stdin.buffer)
    content, passphrase = base64.b64decode(asked["content"]), asked["passphrase"]
    try:
        done = encrypt(content, passphrase) if asked["do"] == "encrypt" else decrypt(content, passphrase)
    except pyrage.DecryptError as error:
        return TOO_MUCH_WORK if str(error).startswith(EXCESSIVE) else DOES_NOT_OPEN
    sys.stdout.buffer.write(done)
    return 0


def encrypt(content: bytes, passphrase: str) -> bytes:
    """An armored age file that costs whoever guesses at least ``LEAST_WORK``, or the most this machine comes to.

    pyrage measures the machine each time and aims at a second: a busy moment would make guessing cheap for ever.
    """
    best = b""
    for _ in range(CLOSING_TRIES):
        sealed = bytes(pyrage.passphrase.encrypt(content, passphrase, armored=True))
        best = max(best, sealed, key=work_factor)
        if work_factor(best) >= LEAST_WORK:
            break
    return best


def work_factor(sealed: bytes) -> int:
    """The base-2 logarithm of scrypt's N in the header of an armored age file; 0 for no file."""
    head = base64.b64decode(b"".join(sealed.split(b"\n")[1:3])).splitlines()
    return int(head[1].split()[-1]) if head else 0


def decrypt(content: bytes, passphrase: str) -> bytes:
    """The content of the file; raises ``pyrage.DecryptError``.

    pyrage measures the machine each time, for some milliseconds, and refuses what would take far longer than a second
    on it. A busy moment makes any machine look slow, so it measures again.
    """
    for tries_left in range(OPENING_TRIES - 1, -1, -1):
        try:
            return bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError as error:
            if not tries_left or not str(error).startswith(EXCESSIVE):
                raise
    raise AssertionError("the last try returns or raises")


if __name__ == "__main__":
    sys.exit(main())

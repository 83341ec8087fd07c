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
PR_SET_DUMPABLE = 4


def main() -> int:
    """Do what stdin asks for; the exit code is 0, or 3 if the passphrase does not open the file."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody may attach and read what is about to come in
    asked = json.load(sys.stdin.buffer)
    content, passphrase = base64.b64decode(asked["content"]), asked["passphrase"]
    try:
        if asked["do"] == "close":
            done = pyrage.passphrase.encrypt(content, passphrase, armored=True)
        else:
            done = pyrage.passphrase.decrypt(content, passphrase)
    except pyrage.DecryptError:
        return DOES_NOT_OPEN
    sys.stdout.buffer.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())

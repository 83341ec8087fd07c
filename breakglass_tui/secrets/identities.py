"""Identities: the private keys that open what was sealed to age recipients, out of the files that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyrage

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.age_file import is_age
from breakglass_tui.secrets.pyrage_panics import Panicked, no_panic
from breakglass_tui.secrets.sealed_file import read_small

Identity: TypeAlias = pyrage.x25519.Identity | pyrage.ssh.Identity

NATIVE = "AGE-SECRET-KEY-1"
PUBLIC = ("age1", "ssh-ed25519 ", "ssh-rsa ")


def read_identities(paths: Iterable[Path]) -> tuple[Identity, ...]:
    """Every identity in the files, in their order. Raises ``Problem``; no word of a file is ever in it."""
    return tuple(identity for path in paths for identity in _in_file(path))


def _in_file(path: Path) -> list[Identity]:
    content, _ = read_small(path, "identity file", pipes=True)
    if is_age(content):
        raise _only_age(path, "It is locked with a passphrase itself.")
    if content.lstrip().startswith(b"-----BEGIN "):
        return [_ssh(path, content)]
    lines = content.decode("utf-8", "replace").splitlines()
    told = [(number, line.strip()) for number, line in enumerate(lines, start=1)]
    found = [_native(path, number, line) for number, line in told if line and not line.startswith("#")]
    if not found:
        raise _no_identity(path, "There is no identity in it.")
    return found


def _native(path: Path, number: int, line: str) -> pyrage.x25519.Identity:
    if line.startswith(PUBLIC):
        raise _no_identity(path, f"Line {number} is a recipient, the public half: that seals, and opens nothing.")
    if line.startswith("AGE-") and not line.startswith(NATIVE):
        raise _only_age(path, f"Line {number} is the identity of a plugin, as for a hardware key.")
    try:
        return pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise _no_identity(path, f"Line {number} is not an identity.") from None


def _ssh(path: Path, content: bytes) -> pyrage.ssh.Identity:
    try:
        with no_panic():
            return pyrage.ssh.Identity.from_buffer(content)
    except (pyrage.IdentityError, Panicked) as error:
        if "decrypted first" in str(error):
            raise _only_age(path, "It is an SSH key that is locked with a passphrase.") from None
        raise _no_identity(path, "It is no SSH key that age can use: those are ssh-ed25519 and ssh-rsa.") from None


def _only_age(path: Path, why: str) -> Problem:
    return Problem(
        f"The identity file {show(str(path), 200)} cannot be used here.",
        why=f"{why} This program does not unlock it; the age program does.",
        next=f"Open the envelope with: age -d -i {show(str(path), 200)} ENVELOPE",
        kind=Kind.USAGE,
    )


def _no_identity(path: Path, why: str) -> Problem:
    return Problem(
        f"The identity file {show(str(path), 200)} cannot be used.",
        why=why,
        next="Give a file as age-keygen writes it, or a private SSH key that is not locked.",
        kind=Kind.USAGE,
    )

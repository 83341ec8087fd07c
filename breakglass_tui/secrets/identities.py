"""Reads age identities, which are the private keys of age recipients, from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyrage

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.age_file import is_age
from breakglass_tui.secrets.pyrage_panics import Panicked, no_panic
from breakglass_tui.secrets.sealed_file import read_small

Identity: TypeAlias = pyrage.x25519.Identity | pyrage.ssh.Identity

NATIVE = "AGE-SECRET-KEY-1"
PUBLIC = ("age1", "ssh-ed25519 ", "ssh-rsa ")


def read_identities(paths: Iterable[Path]) -> tuple[Identity, ...]:
    """Return every identity in the files, in order. Raises ``Problem``, whose text never quotes a file."""
    return tuple(identity for path in paths for identity in _in_file(path))


def _in_file(path: Path) -> list[Identity]:
    content, _ = read_small(path, "identity file", pipes=True)
    if is_age(content):
        raise _only_age(path, "The file itself is encrypted with a passphrase.")
    if content.lstrip().startswith(b"-----BEGIN "):
        return [_ssh(path, content)]
    lines = content.decode("utf-8", "replace").splitlines()
    numbered = [(number, line.strip()) for number, line in enumerate(lines, start=1)]
    found = [_native(path, number, line) for number, line in numbered if line and not line.startswith("#")]
    if not found:
        raise _no_identity(path, "It contains no identity.")
    return found


def _native(path: Path, number: int, line: str) -> pyrage.x25519.Identity:
    if line.startswith(PUBLIC):
        raise _no_identity(path, f"Line {number} is a recipient (a public key). A public key can only encrypt.")
    if line.startswith("AGE-") and not line.startswith(NATIVE):
        raise _only_age(path, f"Line {number} is the identity of a plugin, for example for a hardware key.")
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
            raise _only_age(path, "It is an SSH key that is encrypted with a passphrase.") from None
        raise _no_identity(path, "It is not an SSH key that age can use. age uses ssh-ed25519 and ssh-rsa.") from None


def _only_age(path: Path, why: str) -> Problem:
    return Problem(
        f"The identity file {show(str(path), 200)} cannot be used here.",
        why=f"{why} This program cannot use it, but the age program can.",
        next=f"Run this, with the path of your envelope for ENVELOPE: age -d -i {show(path_argument(str(path)), 200)} "
        "ENVELOPE",
        kind=Kind.USAGE,
    )


def _no_identity(path: Path, why: str) -> Problem:
    return Problem(
        f"The identity file {show(str(path), 200)} cannot be used.",
        why=why,
        next="Use a file from age-keygen, or a private SSH key without a passphrase.",
        kind=Kind.USAGE,
    )

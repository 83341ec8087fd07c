"""A console password that the account's policy accepts."""

from __future__ import annotations

import secrets
import string

from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.secret import Secret

SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
"""The characters that IAM counts as symbols (IAM User Guide, account password policy)."""
AMBIGUOUS = "O0Il1|'"
LENGTH = 24
LONGEST = 128
"""IAM takes no longer password (IAM API, CreateLoginProfile)."""
DRAWS = 1_000
_BYTES = bytes(range(256))
CLASSES = tuple(
    "".join(character for character in group if character not in AMBIGUOUS)
    for group in (string.ascii_uppercase, string.ascii_lowercase, string.digits, SYMBOLS)
)
"""Some of each are in every password, whatever the policy asks for."""


def generate_password(policy: PasswordPolicy, user_name: str, account_id: str = "") -> Secret:
    """A password of 24 characters or the policy's minimum, every class present, easy to read aloud.

    Whole draws are repeated until one satisfies everything, so no position is predictable. Raises ``Problem`` when
    no password can satisfy the policy.
    """
    barred = tuple(name.casefold() for name in (user_name, account_id) if name)
    classes = _without(barred)
    length = max(LENGTH, policy.minimum_length)
    if length > LONGEST:
        raise _impossible(f"The account's policy asks for {length} characters, and IAM takes at most {LONGEST}.")
    alphabet = "".join(classes).encode("ascii")
    for _ in range(DRAWS):
        drawn = _draw(alphabet, length)
        if _has_all(drawn, classes) and not any(name in drawn.casefold() for name in barred):
            return Secret(drawn)
    raise _impossible(f"None of {DRAWS} draws had every kind of character and not the user's name.")


def _without(barred: tuple[str, ...]) -> tuple[str, ...]:
    """The classes without names of one character, which a long draw would hardly ever miss."""
    letters = {name for name in barred if len(name) == 1}
    return tuple("".join(c for c in group if c.casefold() not in letters) for group in CLASSES) if letters else CLASSES


def _draw(alphabet: bytes, length: int) -> str:
    """``length`` characters, each as likely as any other: bytes beyond the last whole alphabet are thrown away."""
    fair = 256 - 256 % len(alphabet)
    table = (alphabet * (256 // len(alphabet) + 1))[:256]
    drawn = b""
    while len(drawn) < length:
        drawn += secrets.token_bytes(2 * length).translate(table, _BYTES[fair:])
    return drawn[:length].decode("ascii")


def _has_all(drawn: str, classes: tuple[str, ...]) -> bool:
    used = set(drawn)
    return not any(used.isdisjoint(group) for group in classes)


def _impossible(why: str) -> Problem:
    return Problem(
        "No console password can be made for this user.",
        why=why,
        next="Choose another user name, or have the account's password policy changed; then try again.",
        kind=Kind.REFUSED,
    )

"""Generates a console password that the account's password policy accepts."""

from __future__ import annotations

import secrets
import string

from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.secret import Secret

SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
"""The characters that IAM counts as symbols. Source: IAM User Guide, account password policy."""
AMBIGUOUS = "O0Il1|'"
LENGTH = 24
LONGEST = 128
"""The longest password that IAM accepts. Source: IAM API, CreateLoginProfile."""
DRAWS = 1_000
_BYTES = bytes(range(256))
CLASSES = tuple(
    "".join(character for character in group if character not in AMBIGUOUS)
    for group in (string.ascii_uppercase, string.ascii_lowercase, string.digits, SYMBOLS)
)
"""The classes of characters. Every password has characters of each, whether or not the policy requires that."""


def generate_password(policy: PasswordPolicy, user_name: str, account_id: str = "") -> Secret:
    """Return a random password that meets ``policy``. Raises ``Problem`` if no password can.

    It has 24 characters, or more if the policy requires more. It has characters of every class, and none that is easily
    confused when read aloud. It contains neither the user name nor the account id. Complete passwords are drawn until
    one meets all rules, so no position is predictable.
    """
    barred = tuple(name.casefold() for name in (user_name, account_id) if name)
    classes = _without(barred)
    length = max(LENGTH, policy.minimum_length)
    if length > LONGEST:
        raise _impossible(f"The account's policy requires {length} characters, but IAM accepts at most {LONGEST}.")
    alphabet = "".join(classes).encode("ascii")
    for _ in range(DRAWS):
        drawn = _draw(alphabet, length)
        if _has_all(drawn, classes) and not any(name in drawn.casefold() for name in barred):
            return Secret(drawn)
    raise _impossible(f"None of {DRAWS} attempts had every class of characters and did not contain the user's name.")


def _without(barred: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``CLASSES`` without the letter of a name that has one character.

    Nearly every long password would contain that letter, and so be rejected.
    """
    letters = {name for name in barred if len(name) == 1}
    return tuple("".join(c for c in group if c.casefold() not in letters) for group in CLASSES) if letters else CLASSES


def _draw(alphabet: bytes, length: int) -> str:
    """Return ``length`` random characters of ``alphabet``, all with equal probability.

    Each random byte selects one character. Bytes beyond the largest multiple of the alphabet's size are dropped,
    because they would make some characters more likely.
    """
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
        "No console password can be generated for this user.",
        why=why,
        next="Choose another user name, or change the account's password policy. Then try again.",
        kind=Kind.REFUSED,
    )

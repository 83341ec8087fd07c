"""A console password that the account's policy accepts."""

from __future__ import annotations

import secrets
import string

from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.secrets.secret import Secret

SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
"""The characters that IAM counts as symbols (IAM User Guide, account password policy)."""
AMBIGUOUS = "O0Il1|'"
LENGTH = 24
LONGEST = 128
DRAWS = 10_000


def generate_password(policy: PasswordPolicy, user_name: str, account_id: str = "") -> Secret:
    """A password of 24 characters or the policy's minimum, every class present, easy to read aloud.

    Whole draws are repeated until one satisfies everything, so no position is predictable.
    """
    letters = [_clear(string.ascii_uppercase), _clear(string.ascii_lowercase)]
    classes = [*letters, _clear(string.digits), _clear(SYMBOLS)]
    alphabet = "".join(classes)
    length = min(max(LENGTH, policy.minimum_length), LONGEST)
    barred = [name.casefold() for name in (user_name, account_id) if name]
    for _ in range(DRAWS):
        drawn = "".join(secrets.choice(alphabet) for _ in range(length))
        if all(any(c in group for c in drawn) for group in classes) and not any(b in drawn.casefold() for b in barred):
            return Secret(drawn)
    raise RuntimeError("no password could be drawn")


def _clear(characters: str) -> str:
    return "".join(character for character in characters if character not in AMBIGUOUS)

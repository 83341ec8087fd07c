"""Judges the strength of a passphrase that a person has chosen."""

from __future__ import annotations

import re

LEAST_CHARACTERS = 20
LEAST_GUESSES_LOG10 = 12.0
"""The fewest guesses that a passphrase must need, as a base-10 logarithm.

Each guess costs an attacker about half a second of CPU time. So 10^12 guesses cost fifteen thousand CPU years.
"""
JUDGED = 72
"""How many characters zxcvbn judges. More would take long, and further characters cannot make a passphrase weaker."""


def weakness(passphrase: str, *known: str) -> str:
    """Return why ``passphrase`` is too weak for a seal, or an empty string if it is strong enough.

    ``known`` are words that an attacker can guess, such as the user name.
    """
    if not passphrase.strip():
        return "it is empty"
    if len(passphrase) < LEAST_CHARACTERS:
        return f"it has {len(passphrase)} characters, and it needs at least {LEAST_CHARACTERS}"
    if any(not character.isprintable() for character in passphrase):
        return "it has a character that cannot be typed again"
    from zxcvbn import zxcvbn

    judged = zxcvbn(_without(passphrase, known)[:JUDGED], user_inputs=[word for word in known if word])
    if float(judged["guesses_log10"]) < LEAST_GUESSES_LOG10:
        return "it is easy to guess: most of it is common words and patterns"
    return ""


def _without(passphrase: str, known: tuple[str, ...]) -> str:
    """Return ``passphrase`` with one letter in place of each known word. A known word adds almost no strength."""
    for word in filter(None, known):
        passphrase = re.sub(re.escape(word), "x", passphrase, flags=re.IGNORECASE)
    return passphrase

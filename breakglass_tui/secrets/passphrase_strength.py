"""How good a passphrase is that somebody has thought of."""

from __future__ import annotations

import re

LEAST_CHARACTERS = 20
LEAST_GUESSES_LOG10 = 12.0
"""Each guess costs an attacker about half a second of a processor: 10^12 of them take fifteen thousand years of it."""
JUDGED = 72
"""Characters that are looked at; judging more takes long, and more cannot make it weaker."""


def weakness(passphrase: str, *known: str) -> str:
    """Why ``passphrase`` must not seal a credential, or nothing; ``known`` are words that others can guess."""
    if not passphrase.strip():
        return "it is empty"
    if len(passphrase) < LEAST_CHARACTERS:
        return f"it has {len(passphrase)} characters, and a short one can be tried out; it takes {LEAST_CHARACTERS}"
    if any(not character.isprintable() for character in passphrase):
        return "it has a character that cannot be typed again"
    from zxcvbn import zxcvbn

    judged = zxcvbn(_without(passphrase, known)[:JUDGED], user_inputs=[word for word in known if word])
    if float(judged["guesses_log10"]) < LEAST_GUESSES_LOG10:
        return "it can be guessed: words and patterns that many people use make up most of it"
    return ""


def _without(passphrase: str, known: tuple[str, ...]) -> str:
    """What is left when each known word is taken for one letter: repeating them adds next to nothing."""
    for word in filter(None, known):
        passphrase = re.sub(re.escape(word), "x", passphrase, flags=re.IGNORECASE)
    return passphrase

"""Asks for a passphrase on a terminal: a new one until it is good and was typed twice, a known one just once."""

from __future__ import annotations

from hmac import compare_digest

from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.passphrase_seal import generate_passphrase
from breakglass_tui.secrets.passphrase_strength import weakness
from breakglass_tui.secrets.secret import Secret

NEW = "Passphrase to seal the secrets with. Nothing is shown while you type. Enter alone: have one made."
TYPED = "Passphrase to seal the secrets with. Nothing is shown while you type. Enter alone: back to the question."
AGAIN = "The same passphrase once more:"
KNOWN = "Passphrase (nothing is shown while you type):"
TYPE_BACK = "Type it from what you wrote down. Enter alone: have another one made."


def new_passphrase(terminal: Terminal, *known: str) -> Secret:
    """A passphrase that is not weak and that the operator can type; ``known`` are words that others can guess.

    Raises ``InputEnded``.
    """
    while True:
        typed = terminal.hidden(NEW)
        if not typed.reveal():
            made = _made(terminal)
            if made is not None:
                return made
            continue
        if _is_good(terminal, typed, *known):
            return typed


def typed_passphrase(terminal: Terminal, *known: str) -> Secret | None:
    """As ``new_passphrase``, but none is made: it would stay where lines are kept. None for Enter alone.

    Raises ``InputEnded``.
    """
    while True:
        typed = terminal.hidden(TYPED)
        if not typed.reveal():
            return None
        if _is_good(terminal, typed, *known):
            return typed


def _is_good(terminal: Terminal, typed: Secret, *known: str) -> bool:
    """Whether it is not weak and can be typed twice; says what is wrong with it."""
    wrong = weakness(typed.reveal(), *known)
    if wrong:
        terminal.write(f"Not this one: {wrong}.")
        return False
    if not same(typed, terminal.hidden(AGAIN)):
        terminal.write("The two are not the same. Begin again.")
        return False
    return True


def known_passphrase(terminal: Terminal) -> Secret:
    """What the operator types, whatever it is. Raises ``InputEnded``."""
    return terminal.hidden(KNOWN)


def same(one: Secret, other: Secret) -> bool:
    """Whether two passphrases are the same, without telling by time where they differ."""
    texts = [secret.reveal().encode("utf-8", "surrogateescape") for secret in (one, other)]
    return compare_digest(*texts)


def _made(terminal: Terminal) -> Secret | None:
    """A generated passphrase that was typed back from paper; None if another one is wanted."""
    made = generate_passphrase()
    terminal.shown_once(
        "This passphrase opens what is sealed. Write it down now: it is shown this once and kept nowhere.",
        "",
        f"    {made.reveal()}",
        "",
        "Press Enter when it is written down; then it goes from the screen, and you type it back.",
    )
    while True:
        typed = terminal.hidden(TYPE_BACK)
        if not typed.reveal():
            return None
        if same(typed, made):
            return made
        terminal.write("That is not it. Look at what you wrote down.")

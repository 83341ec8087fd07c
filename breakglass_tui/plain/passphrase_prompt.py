"""Asks for a passphrase on a terminal. A new one must be strong and typed twice, a known one is typed once."""

from __future__ import annotations

from hmac import compare_digest

from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.passphrase_seal import generate_passphrase
from breakglass_tui.secrets.passphrase_strength import weakness
from breakglass_tui.secrets.secret import Secret

BACK = "<"
NEW = "New passphrase (not shown, Enter alone generates one):"
NEW_OR_BACK = "New passphrase (not shown, Enter alone generates one, < goes back):"
AGAIN = "The same passphrase again (< goes back):"
KNOWN = "Passphrase (not shown while you type):"
TYPE_BACK = "Type the passphrase from your note (not shown, < goes back):"
KEEPS_LINES = "This terminal keeps these lines in its scrollback. Clear it when you are done."


def new_passphrase(terminal: Terminal, *known: str) -> Secret:
    """Ask for a new passphrase until it is strong, and return it. Raises ``InputEnded``.

    ``known`` are words that others can guess, such as the user name.
    """
    while True:
        passphrase = _accept(terminal, terminal.read_hidden(NEW), known)
        if passphrase is not None:
            return passphrase


def new_passphrase_or_back(terminal: Terminal, *known: str) -> Secret | None:
    """Ask for a new passphrase as ``new_passphrase`` does. Return None if the operator goes back.

    Raises ``InputEnded``.
    """
    while True:
        typed = terminal.read_hidden(NEW_OR_BACK)
        if typed.reveal() == BACK:
            return None
        passphrase = _accept(terminal, typed, known)
        if passphrase is not None:
            return passphrase


def known_passphrase(terminal: Terminal) -> Secret:
    """Ask for an existing passphrase once and return what the operator types. Raises ``InputEnded``."""
    return terminal.read_hidden(KNOWN)


def same(one: Secret, other: Secret) -> bool:
    """Return whether two passphrases are equal, in a time that does not depend on where they differ."""
    texts = [secret.reveal().encode("utf-8", "surrogateescape") for secret in (one, other)]
    return compare_digest(*texts)


def _accept(terminal: Terminal, typed: Secret, known: tuple[str, ...]) -> Secret | None:
    """Return the typed passphrase, or a generated one if nothing was typed. Return None to ask again."""
    if not typed.reveal():
        return _generated(terminal)
    error = weakness(typed.reveal(), *known)
    if error:
        terminal.write(f"Invalid: {error}.")
        return None
    again = terminal.read_hidden(AGAIN)
    if again.reveal() == BACK:
        return None
    if not same(typed, again):
        terminal.write("Invalid: the two passphrases differ. Start again.")
        return None
    return typed


def _generated(terminal: Terminal) -> Secret | None:
    """Generate a passphrase, show it, and return it when the operator has typed it from a note.

    Return None to ask again.
    """
    made = generate_passphrase()
    terminal.show_until_enter(
        "This passphrase opens the envelopes. Write it down now.",
        "It is shown once and not saved.",
        *(() if terminal.has_second_screen() else (KEEPS_LINES,)),
        "",
        f"    {made.reveal()}",
        "",
        "Press Enter when you have written it down. Then you type it back.",
    )
    while True:
        typed = terminal.read_hidden(TYPE_BACK)
        if typed.reveal() == BACK:
            return None
        if same(typed, made):
            return made
        terminal.write("Invalid: this is not the passphrase. Read your note again.")

"""Reads the passphrase of a run from a file descriptor or from the terminal."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from breakglass_tui.cli.command_words import PASSPHRASE_FD, PASSPHRASE_INPUT, is_descriptor
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.domain.problems import BadRequest, FieldError, Problem
from breakglass_tui.plain.passphrase_prompt import new_passphrase
from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.secrets.passphrase_strength import weakness
from breakglass_tui.secrets.secret import Secret

LONGEST_BYTES = 4096
STDIN, OUTPUTS = 0, (1, 2)
USE = "Give a readable file or pipe, for example"


def read_passphrase_fd(number: str | None, request_file: str | None = None) -> Secret | None:
    """Return the first line of the file descriptor ``number`` and close it, or None without a number.

    ``request_file`` is the value of ``--request``, because stdin cannot be both. Raises ``Problem``.
    """
    if number is None:
        return None
    # Any other text may be the passphrase itself, so it is not repeated.
    if not is_descriptor(number):
        raise usage(
            f"{PASSPHRASE_FD} needs the number of an open file descriptor, never the passphrase itself.",
            next=USE,
            repeat=(),
        )
    if int(number) in OUTPUTS:
        raise usage(f"{PASSPHRASE_FD} {number} is an output of this program.", next=USE, repeat=())
    if int(number) == STDIN and request_file == "-":
        raise usage(
            f"{PASSPHRASE_FD} 0 and --request - both read stdin.",
            next="Use another descriptor. Example: --passphrase-fd 3 3< FILE",
        )
    line = _first_line(int(number))
    try:
        return Secret(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise usage(f"{PASSPHRASE_FD} {number}: the passphrase is not UTF-8 text.", next=USE, repeat=()) from None


def require_strong(passphrase: Secret, *known: str) -> Secret:
    """Return ``passphrase`` if it is strong enough for a seal, else raise ``BadRequest``.

    ``known`` are words that others can guess, such as the user name.
    """
    error = weakness(passphrase.reveal(), *known)
    if error:
        raise BadRequest((FieldError("seal_passphrase", f"this passphrase is too weak: {error}"),))
    return passphrase


def ask_new_passphrase(terminal: Terminal, *known: str) -> Secret:
    """Ask for a new passphrase on the terminal and return it. Raises ``KeyboardInterrupt`` if the input ends.

    ``known`` are words that others can guess, such as the user name.
    """
    return interrupt_at_end_of_input(lambda: new_passphrase(terminal, *known))


def interrupt_at_end_of_input(ask: Callable[[], Secret]) -> Secret:
    """Return the result of ``ask``. If the input ends, raise ``KeyboardInterrupt``, as Ctrl+C does."""
    try:
        return ask()
    except InputEnded:
        raise KeyboardInterrupt from None


def missing_passphrase(command: str) -> Problem:
    """Return the problem that a run needs a passphrase and has no terminal to ask for it.

    ``command`` resumes the run.
    """
    return usage(
        "The passphrase is missing, and there is no terminal to ask for it.",
        why="A file or a pipe can give the passphrase instead.",
        next="Add the passphrase",
        command=f"{command} {PASSPHRASE_INPUT}",
    )


def _first_line(number: int) -> bytes:
    try:
        os.fstat(number)
    except OSError:
        raise usage(f"{PASSPHRASE_FD} {number}: that file descriptor is not open.", next=USE, repeat=()) from None
    if os.isatty(number):
        raise usage(
            f"{PASSPHRASE_FD} {number} is a terminal.",
            why="The terminal would show what you type.",
            next=f"Leave out {PASSPHRASE_FD}. Then the program asks for the passphrase and does not show it.",
        )
    try:
        line, _, _ = _content(number).partition(b"\n")
    except OSError as error:
        why = f"The system reports: {error.strerror or type(error).__name__}."
        raise usage(f"{PASSPHRASE_FD} {number} cannot be read.", why=why, next=USE, repeat=()) from None
    finally:
        _close(number)
    if len(line) > LONGEST_BYTES:
        what = (
            f"{PASSPHRASE_FD} {number}: the first line, which is the passphrase, is longer than {LONGEST_BYTES} bytes."
        )
        raise usage(what, next=USE, repeat=())
    line = line.removesuffix(b"\r")  # from a Windows file, and never part of a passphrase that seals
    if not line:
        raise usage(
            f"{PASSPHRASE_FD} {number}: the first line, which is the passphrase, is empty.", next=USE, repeat=()
        )
    return line


def _content(number: int) -> bytes:
    content = b""
    while b"\n" not in content and len(content) <= LONGEST_BYTES:
        part = os.read(number, LONGEST_BYTES)
        if not part:
            break
        content += part
    return content


def _close(number: int) -> None:
    """Close the file descriptor.

    Stdin is replaced by /dev/null, so that the next opened file does not get its number.
    """
    with contextlib.suppress(OSError):
        if number != STDIN:
            os.close(number)
            return
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        os.dup2(null, number)
        os.close(null)

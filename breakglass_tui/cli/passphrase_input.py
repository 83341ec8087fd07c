"""The passphrase of a run: from a file descriptor or from the terminal into the vault, and nowhere else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.process_memory import close_memory
from breakglass_tui.domain.problems import BadRequest, FieldError, Problem
from breakglass_tui.plain.passphrase_prompt import new_passphrase
from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.secrets.passphrase_strength import weakness
from breakglass_tui.secrets.secret import Secret

OPTION = "--passphrase-fd"
LONGEST_BYTES = 4096
STDIN, OUTPUTS = 0, (1, 2)


def from_descriptor(number: str | None, request_file: str | None = None) -> Secret | None:
    """The first line of that file descriptor, which is closed; None if none is given. Raises ``Problem``.

    ``request_file`` is what else this command reads: stdin cannot give both.
    """
    if number is None:
        return None
    # Whatever else stands there may be the passphrase itself: it is not repeated.
    if not (number.isascii() and number.isdecimal()) or len(number) > 6:
        raise usage(
            f"{OPTION} takes the number of an open file descriptor, never the passphrase itself.",
            next=f"As in: {OPTION} 3 3< FILE",
        )
    close_memory()
    if int(number) in OUTPUTS:
        raise usage(f"{OPTION} {number} is where this program writes.", next=f"As in: {OPTION} 3 3< FILE")
    if int(number) == STDIN and request_file == "-":
        raise usage(f"{OPTION} 0 and --request - both read stdin.", next=f"Use another descriptor: {OPTION} 3 3< FILE")
    line = _first_line(int(number))
    try:
        return Secret(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise usage(f"{OPTION}: what was read is not UTF-8 text.") from None


def required(passphrase: Secret, *known: str) -> Secret:
    """``passphrase``, if it is good enough to seal with; ``known`` are words that others can guess.

    Raises ``BadRequest``.
    """
    wrong = weakness(passphrase.reveal(), *known)
    if wrong:
        raise BadRequest((FieldError("seal_passphrase", f"this passphrase must not seal: {wrong}"),))
    return passphrase


def asked_for(terminal: Terminal, *known: str) -> Secret:
    """A new passphrase, typed twice on the terminal. Raises ``KeyboardInterrupt`` if the input ends."""
    return answered(lambda: new_passphrase(terminal, *known))


def answered(ask: Callable[[], Secret]) -> Secret:
    """What ``ask`` gives; an operator who closes the input wants what Ctrl+C does. Raises ``KeyboardInterrupt``."""
    try:
        return ask()
    except InputEnded:
        raise KeyboardInterrupt from None


def missing() -> Problem:
    """Nobody can be asked for the passphrase, and none was handed over."""
    return usage(
        "The passphrase is missing, and there is no terminal to ask for it.",
        next=f"Hand it over in a file or pipe: {OPTION} 3 3< FILE",
    )


def _first_line(number: int) -> bytes:
    try:
        os.fstat(number)
    except OSError:
        raise usage(
            f"{OPTION} {number}: that file descriptor is not open.", next=f"As in: {OPTION} 3 3< FILE"
        ) from None
    if os.isatty(number):
        why = "What is typed there would be seen."
        raise usage(f"{OPTION} {number} is a terminal.", why=why, next=f"Leave out {OPTION}: it is asked for, hidden.")
    try:
        line, _, _ = _content(number).partition(b"\n")
    except OSError as error:
        why = f"The system says: {error.strerror or type(error).__name__}."
        raise usage(f"{OPTION} {number} cannot be read.", why=why) from None
    finally:
        _close(number)
    if len(line) > LONGEST_BYTES:
        raise usage(f"{OPTION} {number}: the first line is longer than {LONGEST_BYTES} bytes.")
    line = line.removesuffix(b"\r")  # of a file from Windows; no passphrase that seals ends in it
    if not line:
        raise usage(f"{OPTION} {number}: there is no passphrase in its first line.")
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
    """Stdin stays open on nothing: its number must not become that of the next file."""
    with contextlib.suppress(OSError):
        if number != STDIN:
            os.close(number)
            return
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        os.dup2(null, number)
        os.close(null)

"""Age recipients as they are typed, pasted or kept in a file, and what is wrong with them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from breakglass_tui.domain.text import show

PATH_BEGINS = ("/", "~", ".")
LARGEST_FILE = 64 * 1024
"""Bytes; a file of recipients has a line of about 70 for each."""
HEAD, TAIL = 8, 6


def parts_of(text: str) -> tuple[str, ...]:
    """The recipients and paths in ``text``, one per line or separated by commas or spaces; ``#`` begins a remark.

    A path has a line of its own, and an SSH key keeps the comment behind it.
    """
    return tuple(part for line in text.splitlines() for part in _parts_of_line(line.strip()))


def is_path(part: str) -> bool:
    """Whether it stands for a file of recipients."""
    return part.startswith(PATH_BEGINS)


def _parts_of_line(line: str) -> Iterator[str]:
    if line.startswith("#"):
        return
    if is_path(line):
        yield line
        return
    for piece in line.split(","):
        words = piece.split()
        while words:
            length = _length(words)
            yield " ".join(words[:length])
            words = words[length:]


def _length(words: list[str]) -> int:
    """How many words the first recipient takes: an SSH key takes its kind, the key, and a comment."""
    if not words[0].startswith("ssh-"):
        return 1
    following = (index for index, word in enumerate(words) if index > 1 and word.startswith(("age1", "ssh-")))
    return next(following, len(words))


def recipient_error(part: str) -> str:
    """Why nothing can be sealed to it, or nothing."""
    from breakglass_tui.domain import rules
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.secrets.age_seal import AgeSeal

    try:
        AgeSeal([rules.age_recipient(part)])
    except ValueError as error:
        return str(error)
    except Problem as problem:
        return f"{problem.what} {problem.why}"
    return ""


def recipients_error(recipients: tuple[str, ...], threshold: int) -> str:
    """The first thing that is wrong with recipients of whom ``threshold`` open together, or nothing."""
    from breakglass_tui.domain.seals import threshold_error

    seen: dict[str, int] = {}
    for place, recipient in enumerate(recipients, 1):
        error = recipient_error(recipient)
        if error:
            return f"recipient {place}: {error}"
        first = seen.setdefault(" ".join(recipient.split()[:2]), place)
        if first != place:
            return f"recipient {place} is the same as recipient {first}"
    return threshold_error(threshold, len(recipients))


def with_files(text: str) -> tuple[str, ...]:
    """The recipients in ``text``, those of its files in place of their paths; raises ``ValueError`` with the reason."""
    found: list[str] = []
    for part in parts_of(text):
        found += _in_file(part) if is_path(part) else [part]
    return tuple(found)


def _in_file(part: str) -> Iterator[str]:
    for number, line in enumerate(_content(part).splitlines(), 1):
        recipient = line.strip()
        if recipient and not recipient.startswith("#"):
            wrong = recipient_error(recipient)
            if wrong:
                raise ValueError(f"{_called(part)}, line {number}: {wrong}")
            yield recipient


def _called(part: str) -> str:
    return show(Path(part).name or part, 60)


def _content(part: str) -> str:
    try:
        return _read(Path(part).expanduser())
    except OSError as error:
        raise ValueError(f"{_called(part)} cannot be read: {error.strerror or type(error).__name__}") from None
    except RuntimeError:
        raise ValueError(f"{_called(part)} cannot be read: there is no such home directory") from None
    except ValueError as error:
        raise ValueError(f"{_called(part)} is no file of recipients: {error}") from None


def _read(path: Path) -> str:
    # Neither a pipe nor a device may hold the program up.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is not a regular file")
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError("it is too large")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None


def short_name(recipient: str) -> str:
    """A recipient as one recognises it in a line: an age key by its ends, an SSH key by fingerprint or comment."""
    if not recipient.startswith("ssh-"):
        whole = show(recipient)
        return whole if len(whole) <= HEAD + TAIL + 1 else f"{whole[:HEAD]}…{whole[-TAIL:]}"
    from breakglass_tui.secrets.age_seal import custodian

    _, *named = show(custodian(recipient)).split()
    fingerprint = named[0][: len("SHA256:") + HEAD] if named else ""
    return " ".join([f"{fingerprint}…", *named[1:]])

"""Read age recipients from typed text and from files, and find errors in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.seals import threshold_error
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import read_limited

PATH_BEGINS = ("/", "~", ".")
LARGEST_FILE = 64 * 1024
"""The largest recipients file that is read, in bytes. A recipient takes about 70 bytes."""
HEAD, TAIL = 8, 6


def parts_of(text: str) -> tuple[str, ...]:
    """Return the recipients and file paths in ``text``. They are separated by line breaks, commas or spaces.

    A line with a path has nothing else. A line that starts with ``#`` is a comment. The comment at the end of an SSH
    key is part of the recipient.
    """
    return tuple(part for line in text.splitlines() for part in _parts_of_line(line.strip()))


def is_path(part: str) -> bool:
    """Return whether ``part`` is written as the path of a recipients file: it begins with ``/``, ``~`` or a dot."""
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
    """Return how many of ``words`` belong to the first recipient.

    An SSH key has its type, the key, and a comment of any number of words.
    """
    if not words[0].startswith("ssh-"):
        return 1
    following = (index for index, word in enumerate(words) if index > 1 and word.startswith(("age1", "ssh-")))
    return next(following, len(words))


def recipient_error(part: str) -> str:
    """Return why ``part`` is not a valid recipient, or an empty string."""
    from breakglass_tui.secrets.age_seal import AgeSeal

    try:
        AgeSeal([rules.age_recipient(part)])
    except ValueError as error:
        return str(error)
    except Problem as problem:
        return f"{problem.what} {problem.why}"
    return ""


def recipients_error(recipients: tuple[str, ...], threshold: int) -> str:
    """Return the first error in ``recipients``, or an empty string.

    ``threshold`` is how many recipients must act together to open an envelope.
    """
    seen: dict[str, int] = {}
    for place, recipient in enumerate(recipients, 1):
        error = recipient_error(recipient)
        if error:
            return f"recipient {place}: {error}"
        first = seen.setdefault(_key(recipient), place)
        if first != place:
            return f"recipient {place} is the same as recipient {first}"
    return threshold_error(threshold, len(recipients))


def count_recipients(parts: Iterable[str]) -> int:
    """Return the number of different valid recipients in ``parts``."""
    return len({_key(part) for part in parts if not recipient_error(part)})


def _key(recipient: str) -> str:
    """Return ``recipient`` without the comment that an SSH key may have at its end."""
    return " ".join(recipient.split()[:2])


def with_files(text: str) -> tuple[str, ...]:
    """Return the recipients in ``text``. Each path is replaced by the recipients in that file.

    Raises:
        ValueError: a file cannot be read, or has a line that is not a recipient.
    """
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
        raise ValueError(f"{_called(part)} cannot be read: the home directory does not exist") from None
    except ValueError as error:
        raise ValueError(f"{_called(part)} is not a recipients file: {error}") from None


def _read(path: Path) -> str:
    content, _ = read_limited(path, LARGEST_FILE)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None


def short_name(recipient: str) -> str:
    """Return a short name of a recipient: the ends of an age key, or the fingerprint and comment of an SSH key."""
    if not recipient.startswith("ssh-"):
        whole = show(recipient)
        return whole if len(whole) <= HEAD + TAIL + 1 else f"{whole[:HEAD]}…{whole[-TAIL:]}"
    from breakglass_tui.secrets.age_seal import custodian

    _, *named = show(custodian(recipient)).split()
    fingerprint = named[0][: len("SHA256:") + HEAD] if named else ""
    return " ".join([f"{fingerprint}…", *named[1:]])

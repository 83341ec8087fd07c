"""Commands of a shell script in which every value is quoted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from breakglass_tui.domain.shell_quoting import option

WIDE = 110
"""The number of characters above which a command is split into several lines."""
REPEATABLE = "AWS_MAX_ATTEMPTS=5"
"""The prefix that lets the AWS CLI repeat the request of a command after a lost answer.

It is for reads, and for writes that change nothing the second time.
"""


def aws(service: str, operation: str, **options: str) -> str:
    """Return an AWS CLI command, on several lines if it is long. ``user_name="x"`` becomes ``--user-name x``."""
    words = [option(name, value) for name, value in options.items()]
    return wrapped(f"aws {service} {operation}", words)


def wrapped(head: str, parts: Iterable[str]) -> str:
    """Return ``head`` and ``parts`` on one line. If that is longer than ``WIDE``, each part is on a line of its own."""
    parts = tuple(parts)
    line = " ".join((head, *parts))
    return line if len(line) <= WIDE else " \\\n  ".join((head, *parts))


def indented(command: str) -> str:
    """Return a command of several lines, indented for the body of a shell function."""
    return command.replace("\n", "\n  ")


def ascii_word(text: str) -> str:
    """Return ``text`` as a quoted word in printable ASCII, which nothing on the way to the shell changes.

    Other characters are octal escapes of their UTF-8 bytes, which every version of bash reads.
    """
    if text.isascii() and text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_spelled, text.encode('utf-8', 'surrogatepass')))}'"


def _spelled(byte: int) -> str:
    return f"\\{byte:03o}" if not 0x20 <= byte < 0x7F or byte in b"'\\" else chr(byte)


def compact_json(document: Mapping[str, Any] | list[Any]) -> str:
    """Return a document as printable ASCII JSON without white space."""
    # JSON escapes all other control characters, but not this one.
    return json.dumps(document, separators=(",", ":")).replace("\x7f", "\\u007f")


def tag_list(tags: Mapping[str, str]) -> str:
    """Return tags as JSON. In the shorthand syntax of the AWS CLI, a comma in a value would start another tag."""
    return compact_json([{"Key": key, "Value": value} for key, value in tags.items()])

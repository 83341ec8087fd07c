"""Commands of a shell script. Every value is quoted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

WIDE = 110
REPEATABLE = "AWS_MAX_ATTEMPTS=5"
"""Lets the AWS CLI repeat a request after a lost answer: a read, or a write that changes nothing the second time."""


def aws(service: str, operation: str, **options: str) -> str:
    """Return an aws command, over several lines if it is long. ``user_name="x"`` becomes ``--user-name x``."""
    words = [option(name, value) for name, value in options.items()]
    return wrapped(f"aws {service} {operation}", words)


def wrapped(head: str, parts: Iterable[str]) -> str:
    """Return ``head`` and its parts on one line, or one part per line if it is longer than ``WIDE``."""
    parts = tuple(parts)
    line = " ".join((head, *parts))
    return line if len(line) <= WIDE else " \\\n  ".join((head, *parts))


def indented(command: str) -> str:
    """Return a command over several lines for the body of a function."""
    return command.replace("\n", "\n  ")


def compact_json(document: Mapping[str, Any] | list[Any]) -> str:
    """Return a document as ASCII JSON without white space."""
    return json.dumps(document, separators=(",", ":"))


def tag_list(tags: Mapping[str, str]) -> str:
    """Return tags as JSON. In the shorthand syntax of the AWS CLI a comma in a value would start another tag."""
    return compact_json([{"Key": key, "Value": value} for key, value in tags.items()])


def option(name: str, value: str) -> str:
    """Return an option of a command and its quoted value."""
    # A value that starts with a dash would be parsed as an option.
    glue = "=" if value.startswith("-") else " "
    return f"--{name.replace('_', '-')}{glue}{shlex.quote(value)}"

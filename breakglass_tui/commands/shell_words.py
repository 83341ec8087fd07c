"""Words of a shell script: every value is quoted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

WIDE = 110


def aws(service: str, operation: str, **options: str) -> str:
    """An aws command, over several lines when it is long; ``user_name="x"`` becomes ``--user-name x``."""
    words = [_option(name, value) for name, value in options.items()]
    return over_lines(f"aws {service} {operation}", words)


def over_lines(head: str, parts: Iterable[str]) -> str:
    """``head`` and its parts on one line, or each part on one of its own when that would be too long."""
    parts = tuple(parts)
    line = " ".join((head, *parts))
    return line if len(line) <= WIDE else " \\\n  ".join((head, *parts))


def text_of(document: Mapping[str, Any] | list[Any]) -> str:
    """JSON in ASCII and without white space, as it is sent."""
    return json.dumps(document, separators=(",", ":"))


def tag_list(tags: Mapping[str, str]) -> str:
    """Tags as JSON: in the CLI's own short form a comma would begin another one."""
    return text_of([{"Key": key, "Value": value} for key, value in tags.items()])


def _option(name: str, value: str) -> str:
    option = f"--{name.replace('_', '-')}"
    # A value that looks like an option must be joined to its own.
    return f"{option}={shlex.quote(value)}" if value.startswith("-") else f"{option} {shlex.quote(value)}"

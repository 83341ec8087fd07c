"""Quotes options and paths for a shell command, so that no value becomes an option.

IAM accepts names that start with a dash.
"""

from __future__ import annotations

import shlex


def option(name: str, value: str) -> str:
    """Return an option of a command with its quoted value. ``user_name`` becomes ``--user-name``."""
    # A value that starts with a dash would be parsed as an option.
    glue = "=" if value.startswith("-") else " "
    return f"--{name.replace('_', '-')}{glue}{shlex.quote(value)}"


def path_argument(path: str) -> str:
    """Return ``path`` quoted as an argument. A relative path starts with ``./``, so it is never an option."""
    return shlex.quote(path if path.startswith(("/", "./", "../")) else f"./{path}")

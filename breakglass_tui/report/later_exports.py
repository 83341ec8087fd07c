"""The directories of later evidence. Evidence is append-only, so a later export goes to a new directory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

PREFIX = "export-"
"""The start of the name of such a directory, for example ``export-20261130T081500Z``."""


def later_exports(directory: Path) -> Iterator[Path]:
    """Yield the directories of later evidence in ``directory``, the newest first."""
    yield from sorted(directory.glob(f"{PREFIX}*Z*/"), reverse=True)


def new_export(directory: Path, now: datetime) -> Path:
    """Return the path of a directory in ``directory`` for later evidence. It does not exist yet."""
    name, number = f"{PREFIX}{now:%Y%m%dT%H%M%SZ}", 1
    path = directory / name
    while path.exists():
        number += 1
        path = directory / f"{name}-{number:03}"
    return path


def is_later_export(directory: Path) -> bool:
    """Return whether ``directory`` has later evidence, so that the envelopes are one level above."""
    return directory.name.startswith(PREFIX)

"""What makes a change of the evidence show: the hash of every file, and the head of the run's journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from breakglass_tui.domain.text import show

SUMS = "SHA256SUMS"
"""The name of the list that ``sha256sum -c`` reads."""


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file, by its name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def sums(files: Mapping[str, bytes], document: Mapping[str, Any]) -> str:
    """The list for ``sha256sum -c``: the files of a report, and the envelopes that lie beside them as they were sealed.

    An envelope that lies elsewhere, or whose name is not for a line of text, has its hash in the report alone.
    """
    beside = {one["path"]: one["sha256"] for one in document["envelopes"] if _is_plain(one["path"])}
    return "".join(f"{digest}  {name}\n" for name, digest in {**digests(files), **beside}.items())


def _is_plain(path: str) -> bool:
    return PurePath(path).name == path == show(path) and "\\" not in path

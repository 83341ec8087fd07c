"""The hashes that reveal a change of the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from breakglass_tui.domain.text import show

SUMS = "SHA256SUMS"
"""The name of the list for ``sha256sum -c``."""


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def sums(files: Mapping[str, bytes], document: Mapping[str, Any]) -> str:
    """Return the list for ``sha256sum -c``: the files of a report, and the envelopes in the same directory.

    The report alone has the hash of an envelope in another directory, or with a name that needs escaping.
    """
    envelopes = {one["path"]: one["sha256"] for one in document["envelopes"] if _is_plain(one["path"])}
    return "".join(f"{digest}  {name}\n" for name, digest in {**digests(files), **envelopes}.items())


def _is_plain(path: str) -> bool:
    return PurePath(path).name == path == show(path) and "\\" not in path

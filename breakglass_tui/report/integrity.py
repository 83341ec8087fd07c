"""The hashes that reveal a change of the exported files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from breakglass_tui.domain.text import show

SUMS = "SHA256SUMS"
"""The name of the file with the hashes, which ``sha256sum -c`` reads."""


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file in hexadecimal, by file name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def sums(files: Mapping[str, bytes], document: Mapping[str, Any]) -> str:
    """Return the content of ``SHA256SUMS``: the hashes of ``files``, and of the envelopes in the same directory.

    An envelope is left out if it is in another directory or its name needs escaping. Its hash is in the report.
    """
    envelopes = {one["path"]: one["sha256"] for one in document["envelopes"] if _is_plain(one["path"])}
    return "".join(f"{digest}  {name}\n" for name, digest in {**digests(files), **envelopes}.items())


def _is_plain(path: str) -> bool:
    return PurePath(path).name == path == show(path) and "\\" not in path

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
    """Return the content of ``SHA256SUMS``: the hashes of ``files``, and of the envelopes beside or one level above.

    An envelope is left out if it is in another directory or its name needs escaping. Its hash is in the report.
    """
    envelopes = {one["path"]: one["sha256"] for one in document["envelopes"] if _is_plain(one["path"])}
    return "".join(f"{digest}  {name}\n" for name, digest in {**digests(files), **envelopes}.items())


def hash_in_list(content: bytes, name: str) -> str:
    """Return the hash of the file ``name`` in the content of a ``SHA256SUMS``, or an empty string."""
    lines = (line.split("  ", 1) for line in content.decode("utf-8", "replace").splitlines())
    return next((line[0] for line in lines if line[1:] == [name]), "")


def _is_plain(path: str) -> bool:
    name = path.removeprefix("../")
    return PurePath(name).name == name == show(name) and "\\" not in name

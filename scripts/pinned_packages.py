"""The packages in ``constraints.txt``."""

from __future__ import annotations

import re
from pathlib import Path

PIN = re.compile(r"([a-z0-9.-]+)==([^ ;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


def pinned_packages(constraints: Path) -> dict[str, tuple[str, list[str]]]:
    """Return the version and the SHA-256 hashes of each package, by normalized name."""
    text = constraints.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {match[1]: (match[2], HASH.findall(line)) for line in lines if (match := PIN.match(line))}

"""Write ``constraints.txt``: the version and the hashes of every package that ``make`` installs.

scripts/lock.py             keep each version that pyproject.toml still allows
scripts/lock.py --upgrade   take the newest versions that pyproject.toml allows

uv resolves the versions for every platform and every Python from 3.11. A file without a hash in the list is not
installed, so the list has the hashes of all files of a release. It contains no address: pip uses the index that it is
configured for.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
HEADER = """\
# The version of each package that `make` installs, and the SHA-256 hashes of the files of its release.
# `make lock` writes this file. The allowed ranges are in pyproject.toml.
"""
COMPILE = (
    "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--all-extras", "--generate-hashes",
    "--only-binary", ":all:", "--no-header", "--no-annotate", "--output-file", LOCK.name, "pyproject.toml",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write the file and return the exit code of uv."""
    done = subprocess.run(
        [sys.executable, "-m", *COMPILE, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode == 0:
        LOCK.write_text(HEADER + LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

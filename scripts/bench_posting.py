"""Compare our first paint with that of posting, another Textual program, which is installed into a throw-away venv.

pip takes posting from the index that is configured. The exit code is 1 if our first paint takes a quarter of its time
or more, and 2 if posting cannot be installed.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from bench import APP, median_ratio, paint

import breakglass_tui

BUDGET = 0.25
PACKAGES = ("posting", "tree-sitter<0.26")
"""With tree-sitter 0.26, posting 2.11 ends with a segmentation fault before its first frame."""
SHOWN = "Collection"
"""The title of a panel of posting's first frame."""


def main() -> int:
    """Install posting, measure, and print the ratio. Return the exit code."""
    compileall.compile_dir(Path(breakglass_tui.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as directory:
        python = Path(directory, "venv", "bin", "python")
        venv.create(python.parents[1], with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
        if subprocess.run([*pip, *PACKAGES], check=False).returncode:
            print("posting could not be installed, so nothing was measured. pip says why above.", file=sys.stderr)
            return 2
        # Its settings, history and collections go to the directory, so that each start is the same.
        os.environ |= {f"XDG_{name}_HOME": directory for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        theirs = [str(python.with_name("posting"))]
        ratio = median_ratio(
            lambda: paint(APP, "New emergency user"), lambda: paint(theirs, SHOWN, program=str(python))
        )
    mark = "ok" if ratio < BUDGET else "OVER"
    print(f"first paint / that of posting: {ratio:.2f} x, budget below {BUDGET:.2f} x, {mark}")
    return int(ratio >= BUDGET)


if __name__ == "__main__":
    sys.exit(main())

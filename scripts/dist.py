"""Build ``dist/`` from the last commit: sdist, wheel, SBOM, requirements.txt and SHA256SUMS.

scripts/dist.py [--out DIR] [SOURCE]    SOURCE is a clone of this repository. Default: the one of this script

requirements.txt has the packages that the wheel needs without extras, with versions and hashes, for
``pip install --require-hashes``.

The same commit and the same tools give the same bytes, because every time in the files is the time of the commit.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from package_closure import opened_wheel, package_closure
from pinned_packages import pinned_packages
from sbom import PROGRAM, sbom

ROOT = Path(__file__).resolve().parent.parent


def build(source: Path, out: Path) -> list[Path]:
    """Build the files of a release into ``out``, which is emptied first, and return their paths.

    Exits with a message if ``source`` has changes that are not committed.
    """
    changed = _git(source, "status", "--porcelain")
    if changed:
        sys.exit(f"{changed}\nA release is built from a commit. Commit or remove these changes, then run: make dist")
    epoch = int(_git(source, "log", "-1", "--format=%ct"))
    shutil.rmtree(out, ignore_errors=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    (wheel,) = out.glob("*.whl")
    name, version = wheel.name.split("-")[:2]
    constraints = source / "constraints.txt"
    (out / f"{name}-{version}.cdx.json").write_text(sbom(wheel, constraints, epoch), encoding="utf-8")
    (out / "requirements.txt").write_text(_requirements(wheel, constraints), encoding="utf-8")
    files = sorted(out.iterdir())
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (out / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    return [*files, out / "SHA256SUMS"]


def _requirements(wheel: Path, constraints: Path) -> str:
    """Return the packages that ``wheel`` needs, one a line, with the version and the hashes in ``constraints``."""
    pinned = pinned_packages(constraints)
    with opened_wheel(wheel) as program:
        names = sorted(package_closure(program).keys() - {PROGRAM})
    lines = [
        " ".join([f"{name}=={pinned[name][0]}", *(f"--hash=sha256:{one}" for one in pinned[name][1])]) for name in names
    ]
    return "".join(f"{line}\n" for line in lines)


def _git(source: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", source, *words], capture_output=True, text=True, check=True).stdout.strip("\n")


def main() -> None:
    """Build the files and print their paths."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="?", type=Path, default=ROOT, metavar="SOURCE")
    parser.add_argument("--out", type=Path, metavar="DIR", help="output directory, default: dist/ in SOURCE")
    given = parser.parse_args()
    for path in build(given.source, given.out or given.source / "dist"):
        print(path)


if __name__ == "__main__":
    main()

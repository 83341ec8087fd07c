"""A clean virtual environment with a wheel and exactly the packages that the wheel asks for. It needs no network."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Collection
from importlib.metadata import Distribution
from pathlib import Path

from package_closure import opened_wheel, package_closure

PROGRAM = "breakglass-tui"


def clean_venv(home: Path, wheel: Path, extras: Collection[str] = ()) -> Path:
    """Create a virtual environment in ``home``, and return its bin directory.

    pip installs ``wheel``. The packages that it needs with ``extras`` are links into the current environment.
    """
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (site_packages,) = home.glob("lib/python*/site-packages")
    with opened_wheel(wheel) as program:
        packages = package_closure(program, extras)
    for name in packages.keys() - {PROGRAM}:
        _link(packages[name].distribution, site_packages)
    return home / "bin"


def _link(package: Distribution, site_packages: Path) -> None:
    """Link the folders and files of an installed package, but not its programs and the caches of single modules."""
    for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
        if not (site_packages / top).exists():
            (site_packages / top).symlink_to(Path(str(package.locate_file(top))))


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``cwd`` without a terminal, and return its result. ``environment`` are added variables."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env={**inherited, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=110, check=False,
    )  # fmt: skip

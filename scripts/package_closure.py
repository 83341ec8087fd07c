"""The packages that a distribution needs, directly and through other packages."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class Package(NamedTuple):
    """A distribution, and the normalized names of the packages that it needs directly."""

    distribution: Distribution
    needs: set[str]


def package_closure(root: Distribution, extras: Collection[str] = ()) -> dict[str, Package]:
    """Return ``root`` and the installed packages that it needs on this machine with ``extras``, by normalized name.

    Raises ``PackageNotFoundError`` if a package is not installed.
    """
    found: dict[str, Package] = {}
    done: set[tuple[str, str]] = set()
    todo = [(root, extra) for extra in ("", *extras)]
    while todo:
        needing, extra = todo.pop()
        name = canonicalize_name(needing.metadata["Name"])
        if (name, extra) in done:
            continue
        done.add((name, extra))
        package = found.setdefault(name, Package(needing, set()))
        for requirement in _requirements(needing, extra):
            package.needs.add(canonicalize_name(requirement.name))
            needed = distribution(requirement.name)
            todo += [(needed, part) for part in ("", *requirement.extras)]
    return found


@contextmanager
def opened_wheel(wheel: Path) -> Iterator[Distribution]:
    """Open a wheel that is not installed, as a distribution."""
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        yield PathDistribution(zipfile.Path(archive, f"{info}/"))


def _requirements(package: Distribution, extra: str) -> list[Requirement]:
    requirements = map(Requirement, package.requires or ())
    return [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": extra})]

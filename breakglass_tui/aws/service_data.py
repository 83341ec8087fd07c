"""A loader of botocore's data files that needs less memory and does not block other threads."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from botocore.loaders import JSONFileLoader, Loader

LONGEST_SHARED = 64
"""The maximum length of a string that is stored only once in memory.

Most such strings are names of shapes and Regions.
"""
SERVICES = frozenset(
    {
        *("account", "cloudtrail", "ec2", "events", "iam", "kms", "organizations", "sns", "sts"),
        *("oidc", "portal.sso", "signin"),
    }
)
"""The endpoint prefixes of the services that this program calls, and of those that botocore calls for a sign-in."""


def builtin_loader() -> Loader:
    """Return a loader that reads only the data that botocore contains."""
    return Loader(
        extra_search_paths=[Loader.BUILTIN_DATA_PATH],
        file_loader=CompactFileLoader(),
        include_default_search_paths=False,
    )


class CompactFileLoader(JSONFileLoader):  # type: ignore[misc] # botocore has no types
    """Loads the data files of botocore as dicts, without documentation and without endpoints of other services.

    botocore's own loader needs twice the memory. It also holds the interpreter lock while it parses a file, for EC2 30
    ms or more. This loader builds each object with a Python function, so that other threads can run in between.
    """

    def load_file(self, file_path: str) -> Any:
        """Return the content of the file, or None if there is no such file. ``file_path`` has no extension."""
        data = super().load_file(file_path)
        if data is not None and Path(file_path).name == "endpoints":
            for partition in data["partitions"]:
                partition["services"] = {
                    name: service for name, service in partition["services"].items() if name in SERVICES
                }
        return data

    def _load_file(self, full_path: str, open_method: Callable[[str, str], BinaryIO]) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return json.loads(file.read(), object_pairs_hook=_compact)


def _compact(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object without its ``documentation``, if that is a text. A dict of that name is kept."""
    return {name: _shared(value) for name, value in pairs if name != "documentation" or not isinstance(value, str)}


def _shared(value: Any) -> Any:
    return sys.intern(value) if type(value) is str and len(value) <= LONGEST_SHARED else value

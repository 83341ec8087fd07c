"""Writes thousands of journals of finished runs, quickly: one journal as the pattern, and a new chain for each copy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from golden_kit import journals

_PLACE = re.compile(r"@(ID|USER|AT|PREVIOUS|HASH)@")
SHORT = frozenset({"RunStarted", "StepStarted", "StepFinished", "RunFinished"})
_NO_LINE = "0" * 64


@dataclass(frozen=True)
class _LinePattern:
    """A line of a journal as alternating text and names of values: as it is hashed, and as it is written."""

    hashed: tuple[str, ...]
    written: tuple[str, ...]


class JournalPattern:
    """A journal whose run id, user name, start and chain of hashes are replaced in each copy.

    It is the golden journal of a run with every part of a request, which is done. With ``short``, the copies have only
    the events of steps, which take a seventh of the time to verify.
    """

    def __init__(self, *, short: bool = False) -> None:
        text = journals()["bg-done"].read_text(encoding="utf-8")
        header = json.loads(text.split("\n", 1)[0])["header"]
        self.account_id: str = header["account_id"]
        text = text.replace(header["id"], "@ID@").replace(header["request"]["user_name"], "@USER@")
        lines = [json.loads(line) for line in text.splitlines()]
        kept = [line for line in lines if not short or line["event"] in SHORT]
        self._lines = [_pattern({**line, "n": number}) for number, line in enumerate(kept, start=1)]

    @property
    def length(self) -> int:
        """The number of events in a copy."""
        return len(self._lines)

    def copy(self, id: str, user_name: str, at: datetime) -> bytes:
        """Return the journal of a run with this id, for this user, that started at ``at``."""
        return "".join(self._copied(id, user_name, at)).encode()

    def _copied(self, id: str, user_name: str, at: datetime) -> Iterator[str]:
        values = {"ID": id, "USER": user_name, "AT": at.isoformat(), "PREVIOUS": _NO_LINE}
        for line in self._lines:
            values["HASH"] = hashlib.sha256(_filled(line.hashed, values).encode()).hexdigest()
            yield _filled(line.written, values)
            values["PREVIOUS"] = values["HASH"]


def write_journals(root: Path, count: int, pattern: JournalPattern, *, begin: datetime) -> list[str]:
    """Write the journals of ``count`` runs below ``root``, as a ``RunStore`` does. Return their ids, the oldest first.

    A run starts each minute from ``begin`` on. The user of run 7 is ``bg-00007``.
    """
    directory = root / "runs"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    ids = [hashlib.sha256(str(number).encode()).hexdigest()[:16] for number in range(count)]
    for number, id in enumerate(ids):
        (directory / id).mkdir(mode=0o700)
        content = pattern.copy(id, f"bg-{number:05}", begin + timedelta(minutes=number))
        (directory / id / "journal.jsonl").write_bytes(content)
    return ids


def _pattern(line: dict[str, Any]) -> _LinePattern:
    if line["event"] == "RunStarted":
        line["at"] = "@AT@"
    line["prev"] = "@PREVIOUS@"
    del line["h"]
    hashed = json.dumps(line, sort_keys=True, separators=(",", ":"))
    written = json.dumps({**line, "h": "@HASH@"}, separators=(",", ":"))
    return _LinePattern(tuple(_PLACE.split(hashed)), tuple(_PLACE.split(f"{written}\n")))


def _filled(parts: tuple[str, ...], values: Mapping[str, str]) -> str:
    return "".join(values[part] if number % 2 else part for number, part in enumerate(parts))

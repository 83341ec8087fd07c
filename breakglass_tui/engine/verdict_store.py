"""VerdictStore: saves the verdict of each user's last validation on this machine. It contains no secret."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from breakglass_tui.directories import flaw_of, make_private
from breakglass_tui.domain.checks import Verdict, verdict_words
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.secrets.envelope_files import write_private
from breakglass_tui.secrets.sealed_file import read_small

LIMIT_BYTES = 4096
SCHEMA = 1
WORDS = re.compile(r"READY|NOT READY|NOT PROVEN|1 STEP LEFT|[1-9][0-9]? STEPS LEFT")
"""The valid texts of a verdict. A file of an earlier version has no text."""


@dataclass(frozen=True, slots=True)
class SavedVerdict:
    """The verdict of a user's last validation. ``user_id`` distinguishes the user from a later one with the same name.

    ``at`` is the time of the validation. ``words`` is the verdict as it is shown, or empty.
    """

    account_id: str
    user_name: str
    user_id: str
    verdict: Verdict
    at: datetime
    words: str = ""
    emulator: bool = False

    @property
    def shown(self) -> str:
        """The verdict as it is shown, without the number of steps if an earlier version of this program saved it."""
        return self.words or verdict_words(self.verdict, ())


def verdict_to_save(record: RunRecord, at: datetime) -> SavedVerdict | None:
    """Return the current verdict of ``record``, or None if the record names no user."""
    name = str(record.header.request.get("user_name", "")) if record.header else ""
    if record.header is None or not name:
        return None
    found, user_id, header = record.readiness, record.facts.get("user_id", ""), record.header
    return SavedVerdict(header.account_id, name, user_id, found.verdict, at, found.words, header.emulator)


class VerdictStore:
    """One small file (mode 0600) for each account and user, below ``root``.

    Nothing is read from a directory that other users can write to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._directory = root / "proofs"

    def save(self, saved: SavedVerdict) -> None:
        """Replace the user's saved verdict with ``saved``, completely or not at all. Raises ``Problem``."""
        document = {
            "schema": SCHEMA,
            "account_id": saved.account_id,
            "user_name": saved.user_name,
            "user_id": saved.user_id,
            "verdict": saved.verdict.value,
            "words": saved.words,
            "emulator": saved.emulator,
            "at": saved.at.isoformat(),
        }
        try:
            make_private(self._directory)
            safe = self._safe()
        except OSError as error:
            why = f"The system reports: {error.strerror or type(error).__name__}."
            raise _not_saved(self._directory, why) from None
        if not safe:
            raise _not_saved(self._directory, "Other users can write files to it.")
        write_private(self._directory / _file_name(saved), json_text(document).encode())

    def of_account(self, account_id: str, now: datetime, place: Place) -> dict[str, SavedVerdict]:
        """Return the saved verdicts of the account, by user name as ``folded`` returns it. Never raises.

        Invalid files are left out. A verdict later than ``now`` is invalid too, because its age is unknown.
        """
        try:
            paths = sorted(self._directory.glob("*.json")) if self._safe() else []
        except OSError:
            return {}
        verdicts = filter(None, map(_read, paths))
        here = (p for p in verdicts if p.account_id == account_id and p.emulator == (place is Place.EMULATOR))
        return {folded(p.user_name): p for p in here if p.at <= now}

    def _safe(self) -> bool:
        """Return whether no other user can write to the directory of the verdicts. Raises ``OSError``."""
        return flaw_of(self._root) is None and flaw_of(self._directory, link=False) is None


def folded(user_name: str) -> str:
    """Return ``user_name`` in the form for comparisons. IAM treats names that differ only in case as the same name."""
    return user_name.casefold()


def _file_name(saved: SavedVerdict) -> str:
    scope = f"emulator:{saved.account_id}" if saved.emulator else saved.account_id
    return hashlib.sha256(f"{scope}:{folded(saved.user_name)}".encode()).hexdigest() + ".json"


def _read(path: Path) -> SavedVerdict | None:
    try:
        content, _ = read_small(path, "verdict", limit=LIMIT_BYTES)
        saved = _parsed(json.loads(content))
    except (Problem, ValueError, KeyError, TypeError, RecursionError):
        return None
    return saved if path.name == _file_name(saved) else None


def _parsed(table: Mapping[str, Any]) -> SavedVerdict:
    """Return the verdict in ``table``. Raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is not valid."""
    texts = [table[name] for name in ("account_id", "user_name", "user_id", "verdict", "at")]
    if table["schema"] != SCHEMA or not all(isinstance(text, str) for text in texts):
        raise ValueError("not a saved verdict")
    account_id, user_name, user_id, verdict, at = texts
    time = datetime.fromisoformat(at)
    if time.tzinfo is None:
        raise ValueError("a time without a time zone")
    known = Verdict(verdict)
    words = table.get("words")
    if not isinstance(words, str) or not WORDS.fullmatch(words):
        words = ""
    return SavedVerdict(account_id, user_name, user_id, known, time, words, table.get("emulator") is True)


def _not_saved(directory: Path, why: str) -> Problem:
    return Problem(
        f"The verdict cannot be saved in {show(str(directory), 4096)}.",
        why=why,
        next="The validation itself is complete. Only the start screen does not show its verdict.",
        kind=Kind.LOCAL,
        code="ProofNotKept",
    )

"""ProofStore: the verdict of each user's last validation on this machine; no secret, and nothing else of it."""

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
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.secrets.envelope_files import write_private
from breakglass_tui.secrets.sealed_file import read_small

LIMIT_BYTES = 4096
SCHEMA = 1
WORDS = re.compile(r"READY|NOT READY|NOT PROVEN|1 STEP LEFT|[1-9][0-9]? STEPS LEFT")
"""The words of a verdict. A file of an earlier version has none: its words follow from the verdict alone."""


@dataclass(frozen=True, slots=True)
class SavedVerdict:
    """What was proven of a user, and when; ``user_id`` tells it from a later user of the same name."""

    account_id: str
    user_name: str
    user_id: str
    verdict: Verdict
    at: datetime
    words: str = ""

    @property
    def shown(self) -> str:
        """The verdict as it is shown; without a number of steps where an earlier version saved it."""
        return self.words or verdict_words(self.verdict, ())


def verdict_to_save(record: RunRecord, at: datetime) -> SavedVerdict | None:
    """The proof that ``record`` holds now, None for a record that is nobody's."""
    name = str(record.header.request.get("user_name", "")) if record.header else ""
    if record.header is None or not name:
        return None
    found, user_id = record.readiness, record.facts.get("user_id", "")
    return SavedVerdict(record.header.account_id, name, user_id, found.verdict, at, found.words)


class VerdictStore:
    """One small file (0600) for each account and user below ``root``; what does not belong there is not read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._directory = root / "proofs"

    def save(self, proof: SavedVerdict) -> None:
        """Write it in place of the user's last one, whole or not at all; raises ``Problem``."""
        kept = {
            "schema": SCHEMA,
            "account_id": proof.account_id,
            "user_name": proof.user_name,
            "user_id": proof.user_id,
            "verdict": proof.verdict.value,
            "words": proof.words,
            "at": proof.at.isoformat(),
        }
        try:
            make_private(self._directory)
            safe = self._safe()
        except OSError as error:
            raise _not_saved(self._directory, f"The system says: {error.strerror or type(error).__name__}.") from None
        if not safe:
            raise _not_saved(self._directory, "Other users could put files there.")
        write_private(self._directory / _file_name(proof.account_id, proof.user_name), json_text(kept).encode())

    def of_account(self, account_id: str, now: datetime) -> dict[str, SavedVerdict]:
        """The proofs of that account's users by ``folded`` name; whatever is wrong with one, it is left out.

        One that was made after ``now`` is wrong too: nobody could tell its age.
        """
        try:
            paths = sorted(self._directory.glob("*.json")) if self._safe() else []
        except OSError:
            return {}
        proofs = filter(None, map(_read, paths))
        return {folded(p.user_name): p for p in proofs if p.account_id == account_id and p.at <= now}

    def _safe(self) -> bool:
        """Whether nobody else can say here what was proven; raises ``OSError``."""
        return flaw_of(self._root) is None and flaw_of(self._directory, link=False) is None


def folded(user_name: str) -> str:
    """IAM holds names that differ only in case to be the same."""
    return user_name.casefold()


def _file_name(account_id: str, user_name: str) -> str:
    return hashlib.sha256(f"{account_id}:{folded(user_name)}".encode()).hexdigest() + ".json"


def _read(path: Path) -> SavedVerdict | None:
    try:
        content, _ = read_small(path, "proof", limit=LIMIT_BYTES)
        proof = _parsed(json.loads(content))
    except (Problem, ValueError, KeyError, TypeError, RecursionError):
        return None
    return proof if path.name == _file_name(proof.account_id, proof.user_name) else None


def _parsed(table: Mapping[str, Any]) -> SavedVerdict:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    texts = [table[name] for name in ("account_id", "user_name", "user_id", "verdict", "at")]
    if table["schema"] != SCHEMA or not all(isinstance(text, str) for text in texts):
        raise ValueError("not a proof")
    account_id, user_name, user_id, verdict, at = texts
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    known = Verdict(verdict)
    words = table.get("words")
    if not isinstance(words, str) or not WORDS.fullmatch(words):
        words = ""
    return SavedVerdict(account_id, user_name, user_id, known, moment, words)


def _not_saved(directory: Path, why: str) -> Problem:
    return Problem(
        f"The verdict cannot be kept in {show(str(directory), 4096)}.",
        why=why,
        next="The validation itself is not touched by this; the start screen will not know of it.",
        kind=Kind.LOCAL,
        code="ProofNotKept",
    )

"""What the journals on this machine record about the run of a report or an envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal
from breakglass_tui.report.journal_comparison import JournalEvidence
from breakglass_tui.report.place_note import place_in
from breakglass_tui.settings import runs_root


def journal_evidence(document: Mapping[str, Any]) -> JournalEvidence | Problem:
    """Return what is recorded about the run of the report ``document``, or why the run's journal cannot be used.

    The run is looked up by its id among the runs on AWS and those of the demo. A forged report can deny either.
    """
    if not document:
        return JournalEvidence()
    run, head = document["run"], document["integrity"]["journal_head"]
    stores = [RunStore(runs_root(demo=demo)) for demo in (run["demo"], not run["demo"])]
    try:
        store = next((store for store in stores if store.hashes(run["id"])), stores[0])
        hashes = store.hashes(run["id"])
        known = hashes and (head in hashes or not head)
        evidence = JournalEvidence(hashes)
        if known:
            then, now = store.record_at(run["id"], head), store.record_at(run["id"], "")
            undone = now.status is RunStatus.UNDONE
            evidence = replace(evidence, record=then, removed=_removed(then, now), undone=undone)
    except Problem as problem:
        return problem
    try:
        history = _user_journal(store, document, evidence.record).read()
    except Problem as problem:
        return replace(evidence, unread=problem)
    return replace(evidence, validations=tuple(history.validations.get(run["id"], ())))


def _removed(then: RunRecord, now: RunRecord) -> dict[str, datetime]:
    """Return the names of the envelopes that an undo or the first sign-in removed after ``then``, with its time."""
    at = now.finished_at if now.status is RunStatus.UNDONE else now.signed_in_at
    if at is None:
        return {}
    kept = {Path(envelope.path).name for envelope in now.envelopes}
    names = (Path(envelope.path).name for envelope in then.envelopes)
    return {name: at for name in names if name not in kept}


def recorded_run(run_id: str) -> RunRecord | None:
    """Return the run as its journal records it, or None if this machine has no usable journal of it."""
    for demo in (False, True):
        store = RunStore(runs_root(demo=demo))
        try:
            if store.hashes(run_id):
                return store.record_at(run_id, "")
        except Problem:
            return None
    return None


def _user_journal(store: RunStore, document: Mapping[str, Any], record: RunRecord | None) -> UserJournal:
    """Return the journal of the user of the run. The run's own journal has precedence over the report."""
    if record is not None and record.header is not None:
        header = record.header
        return UserJournal(store, header.account_id, str(header.request.get("user_name", "")), header.place)
    run = document["run"]
    return UserJournal(store, run["account_id"], document["user"]["name"], place_in(run))

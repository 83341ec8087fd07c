"""What the journals on this machine record about the run of a report or an envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal
from breakglass_tui.report.journal_comparison import JournalEvidence
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
        evidence = JournalEvidence(hashes, store.record_at(run["id"], head) if known else None)
    except Problem as problem:
        return problem
    try:
        history = _user_journal(store, document, evidence.record).read()
    except Problem as problem:
        return replace(evidence, unread=problem)
    return replace(evidence, validations=tuple(history.validations.get(run["id"], ())))


def written_envelopes(run_id: str) -> tuple[EnvelopeInfo, ...] | None:
    """Return the envelopes that the run's journal records, or None if this machine has no usable journal of it."""
    for demo in (False, True):
        store = RunStore(runs_root(demo=demo))
        try:
            if store.hashes(run_id):
                return tuple(store.record_at(run_id, "").envelopes)
        except Problem:
            return None
    return None


def _user_journal(store: RunStore, document: Mapping[str, Any], record: RunRecord | None) -> UserJournal:
    """Return the journal of the user of the run. The run's own journal has precedence over the report."""
    if record is not None and record.header is not None:
        header = record.header
        return UserJournal(store, header.account_id, str(header.request.get("user_name", "")), header.place)
    run = document["run"]
    place = Place.EMULATOR if run.get("emulator") else Place.AWS
    return UserJournal(store, run["account_id"], document["user"]["name"], place)

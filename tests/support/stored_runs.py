"""The runs in a store, as the tests read them."""

from __future__ import annotations

from breakglass_tui.engine.run_store import RunStore, StoredRun


def only_run(store: RunStore) -> StoredRun:
    """Return the only run of ``store``, as its journal describes it."""
    (listed,) = store.runs()
    return store.load(listed.id)

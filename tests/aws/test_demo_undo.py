"""A simulated run that is stopped, kept and then undone by the same process: its simulated account still exists."""

from __future__ import annotations

from typing import Any

import pytest

from breakglass_tui.domain.events import Event, RunStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import SecretStored
from breakglass_tui.engine.compose import resumed_run, resumed_setup
from breakglass_tui.engine.run import Run


def keep_after_a_secret_was_stored(event: Event, run: Run) -> None:
    if isinstance(event, SecretStored):
        run.stop("keep")


@pytest.mark.parametrize("access", ["programmatic", "console"])
def test_a_process_undoes_its_own_demo_run_after_a_secret_was_stored(lab: Any, access: str) -> None:
    setup = lab.setup(access=access)
    kept = lab.run(setup, watch=keep_after_a_secret_was_stored)
    assert kept.record.recovery.stored
    assert kept.record.status is not RunStatus.UNDONE
    stored = lab.store.find(setup.run_id)
    again, record = resumed_setup(stored, lab.account), RunRecord()
    for event in resumed_run(lab.cloud, again, stored, lab.store, undo=True, clock=lab.clock).events():
        record.apply(event)
    assert (record.problem, record.not_removed) == (None, ())
    assert lab.nothing_left()

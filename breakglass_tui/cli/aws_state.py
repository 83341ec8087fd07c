"""What AWS holds now of the runs that earlier processes began."""

from __future__ import annotations

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.observer import observe
from breakglass_tui.engine.run_store import StoredRun


def observed_now(cloud: Cloud, caller: Caller, stored: StoredRun) -> dict[str, ObservedState]:
    """What a look shows of each step, by its id. Raises ``Problem``, as for a run of another account."""
    setup = resumed_setup(stored, Account(caller, cloud.region))
    looked = observe(cloud.plan(setup).steps, stored.record, SystemClock())
    return {step.id: observed for step, observed in looked}

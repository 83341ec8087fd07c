"""The state in AWS of a run that an earlier process started."""

from __future__ import annotations

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.observer import observe
from breakglass_tui.engine.run_store import StoredRun


def observe_run(cloud: Cloud, caller: Caller, stored: StoredRun) -> dict[str, ObservedState]:
    """Return the observed state of each step of the run, by step id. Only reads AWS.

    Raises ``Problem``, for example if the run belongs to another account.
    """
    setup = resumed_setup(stored, Account(caller, cloud.region))
    observed = observe(cloud.plan(setup).steps, stored.record, SystemClock())
    return {step.id: state for step, state in observed}

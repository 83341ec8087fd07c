"""The state in AWS of a run that an earlier process started."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.removal_by_hand import cut_journal
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.observer import observe
from breakglass_tui.engine.stored_run import StoredRun


def shows_no_step(stored: StoredRun) -> bool:
    """Return whether the journal has no step. Then only AWS shows whether later lines of it were lost."""
    record = stored.record
    return stored.problem is None and record.status is RunStatus.RUNNING and not record.may_exist


def require_not_cut(options: Options, stored: StoredRun) -> None:
    """Raise ``Problem`` with the removal commands if AWS has resources of a run whose journal shows no step."""
    if options.demo or not shows_no_step(stored):
        return
    with Connector(options) as connect:
        cloud = connect()
        problem = judged(options, stored, observe_run(cloud, cloud.identify(), stored)).problem
    if problem is not None:
        raise problem


def judged(options: Options, stored: StoredRun, observed: Mapping[str, ObservedState]) -> StoredRun:
    """Return ``stored``, with a problem if its journal shows no step and ``observed`` has a resource of the run."""
    exists = any(state.observation in (Observation.THERE, Observation.PARTLY) for state in observed.values())
    return cut_journal(options, stored) if exists and shows_no_step(stored) else stored


def observe_run(cloud: Cloud, caller: Caller, stored: StoredRun) -> dict[str, ObservedState]:
    """Return the observed state of each step of the run, by step id. Only reads AWS.

    Raises ``Problem``, for example if the run belongs to another account.
    """
    setup = resumed_setup(stored, Account(caller, cloud.region))
    observed = observe(cloud.plan(setup).steps, stored.record, SystemClock())
    return {step.id: state for step, state in observed}

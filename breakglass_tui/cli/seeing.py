"""What AWS holds now of the runs that earlier processes began."""

from __future__ import annotations

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.sight import Sight
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import setup_again
from breakglass_tui.engine.looking import sights
from breakglass_tui.engine.store import PastRun


def seen_now(cloud: Cloud, caller: Caller, past: PastRun) -> dict[str, Sight]:
    """What a look shows of each step, by its id. Raises ``Problem``, as for a run of another account."""
    setup = setup_again(past, Account(caller, cloud.region))
    looked = sights(cloud.plan(setup).steps, past.record, SystemClock())
    return {step.id: sight for step, sight in looked}

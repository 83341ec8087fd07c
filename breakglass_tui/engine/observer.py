"""Reads the current state in AWS of the steps of a run, in parallel. It writes nothing."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence

from breakglass_tui.domain.events import CallSource
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.plan import Step
from breakglass_tui.engine.run_log import RunLog
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.engine.worker_pool import WorkerPool, WorkFinished

ABSENT_FOR_S = 10.0
"""For how many seconds a missing resource is read again. IAM is eventually consistent, so one read can miss it."""
BETWEEN_READS_S = 2.0


def observe(
    steps: Sequence[Step],
    record: RunRecord,
    clock: Clock,
    *,
    retry_absent: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Step, ObservedState]]:
    """Yield each step with its observed state, as soon as the state is known. It is UNKNOWN if AWS cannot be read.

    With ``retry_absent``, a missing resource is read again for up to ``ABSENT_FOR_S``. After ``stop`` is set, all
    remaining states are UNKNOWN.
    """
    by_id = {step.id: step for step in steps}
    run_log, stop = RunLog(copy.deepcopy(record)), stop or threading.Event()
    with WorkerPool[ObservedState]() as workers:
        for step in steps:
            workers.start(step.id, _Observation(step, workers, run_log, clock, stop, retry_absent=retry_absent))
        running = len(steps)
        while running:
            item = workers.next()
            if not isinstance(item, WorkFinished):
                continue
            running -= 1
            yield by_id[item.id], item.result or _unknown(item.error)


class _Observation:
    def __init__(
        self,
        step: Step,
        workers: WorkerPool[ObservedState],
        run_log: RunLog,
        clock: Clock,
        stop: threading.Event,
        *,
        retry_absent: bool,
    ) -> None:
        self._step, self._retry_absent = step, retry_absent
        self._context = StepContext(
            source=CallSource.CHECK, id=step.id, publish=workers.publish, clock=clock, stop=stop, run_log=run_log
        )

    def __call__(self) -> ObservedState:
        started = self._context.clock.ticks()
        while True:
            observed = self._step.find(self._context)
            waited = self._context.clock.ticks() - started
            if observed.observation is not Observation.ABSENT or not self._retry_absent or waited >= ABSENT_FOR_S:
                return observed
            self._context.wait(BETWEEN_READS_S)


def _unknown(error: BaseException | None) -> ObservedState:
    if isinstance(error, Stopped):
        return ObservedState(Observation.UNKNOWN, "the read was stopped")
    return ObservedState(Observation.UNKNOWN, as_problem(error).what if error else "")

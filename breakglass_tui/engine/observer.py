"""What AWS holds now of the steps of a run: one look at each, side by side, nothing written anywhere."""

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
"""One read that finds nothing proves nothing: a replica of IAM may not have heard of it yet."""
BETWEEN_READS_S = 2.0


def observe(
    steps: Sequence[Step],
    record: RunRecord,
    clock: Clock,
    *,
    patient: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Step, ObservedState]]:
    """What is seen of each of ``steps``, as soon as it is; what cannot be read is unknown.

    ``patient`` looks for some seconds before it says that something is not there, unless ``stop`` is set meanwhile.
    """
    by_id = {step.id: step for step in steps}
    run_log, stop = RunLog(copy.deepcopy(record)), stop or threading.Event()
    with WorkerPool[ObservedState]() as workers:
        for step in steps:
            workers.start(step.id, _Observation(step, workers, run_log, clock, stop, patient=patient))
        left = len(steps)
        while left:
            item = workers.next()
            if not isinstance(item, WorkFinished):
                continue
            left -= 1
            yield by_id[item.id], item.result or _unseen(item.error)


class _Observation:
    def __init__(
        self,
        step: Step,
        workers: WorkerPool[ObservedState],
        run_log: RunLog,
        clock: Clock,
        stop: threading.Event,
        *,
        patient: bool,
    ) -> None:
        self._step, self._patient = step, patient
        self._context = StepContext(
            source=CallSource.CHECK, id=step.id, publish=workers.publish, clock=clock, stop=stop, run_log=run_log
        )

    def __call__(self) -> ObservedState:
        began = self._context.clock.ticks()
        while True:
            observed = self._step.find(self._context)
            waited = self._context.clock.ticks() - began
            if observed.seen is not Observation.ABSENT or not self._patient or waited >= ABSENT_FOR_S:
                return observed
            self._context.wait(BETWEEN_READS_S)


def _unseen(error: BaseException | None) -> ObservedState:
    if isinstance(error, Stopped):
        return ObservedState(Observation.UNKNOWN, "the look was stopped")
    return ObservedState(Observation.UNKNOWN, as_problem(error).what if error else "")

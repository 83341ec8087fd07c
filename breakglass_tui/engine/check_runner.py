"""CheckRunner: runs checks in parallel and yields their events and results."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.engine.worker_pool import WorkerPool, WorkFinished


class CheckRunner:
    """Runs a set of checks once. Consume ``events`` once. ``stop`` ends the checks early, from any thread."""

    def __init__(self, checks: Sequence[Check], clock: Clock | None = None) -> None:
        self._checks = tuple(checks)
        self._clock = clock or SystemClock()
        self._stop = threading.Event()
        self._unfinished: set[str] = set()

    @property
    def complete(self) -> bool:
        """Whether no check was stopped before it finished."""
        return not self._unfinished

    def stop(self) -> None:
        """Let the calls in flight finish. A check that was stopped gets the status SKIP."""
        self._stop.set()

    def events(self) -> Iterator[e.Event]:
        """Yield the events of the checks as they happen. Ends when every check has its result."""
        with WorkerPool[CheckResult](max(len(self._checks), 1)) as workers:
            for check in self._checks:
                workers.start(check.id, self._work(check, workers))
            running = len(self._checks)
            while running:
                item = workers.next()
                if not isinstance(item, WorkFinished):
                    yield item
                    continue
                running -= 1
                if item.result is not None:
                    yield e.CheckFinished(self._clock.now(), item.result)

    def _work(self, check: Check, workers: WorkerPool[CheckResult]) -> _CheckWork:
        return _CheckWork(check, workers, self._clock, self._stop, self._unfinished)


class _CheckWork:
    def __init__(
        self,
        check: Check,
        workers: WorkerPool[CheckResult],
        clock: Clock,
        stop: threading.Event,
        unfinished: set[str],
    ) -> None:
        self._check, self._workers, self._clock, self._stop = check, workers, clock, stop
        self._unfinished = unfinished

    def __call__(self) -> CheckResult:
        check, clock = self._check, self._clock
        self._workers.publish(e.CheckStarted(clock.now(), check.id))
        context = StepContext(
            source=e.CallSource.CHECK, id=check.id, publish=self._workers.publish, clock=clock, stop=self._stop
        )
        started = clock.ticks()
        try:
            result = check.inspect(context)
        except Stopped:
            self._unfinished.add(check.id)
            result = _skipped(check, "stopped before it finished", "Run the check again.")
        except Exception as error:  # noqa: BLE001 - a defect in one check must not hide the results of the others
            problem = as_problem(error)
            result = _skipped(check, " ".join(filter(None, (problem.what, problem.why))), problem.next)
        return replace(result, calls=tuple(context.calls), elapsed_ms=round((clock.ticks() - started) * 1000))


def _skipped(check: Check, found: str, remedy: str) -> CheckResult:
    return CheckResult(check.id, check.title, CheckStatus.SKIP, expected="", found=found, remedy=remedy)

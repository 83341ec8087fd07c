"""Inspection: runs checks side by side and tells each result."""

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
    """One pass over some checks. ``events`` may be consumed once; ``stop`` ends it early."""

    def __init__(self, checks: Sequence[Check], clock: Clock | None = None) -> None:
        self._checks = tuple(checks)
        self._clock = clock or SystemClock()
        self._stop = threading.Event()

    def stop(self) -> None:
        """Let the calls in flight end, and skip what waits."""
        self._stop.set()

    def events(self) -> Iterator[e.Event]:
        """The checks' events as they happen; ends when every check has its result."""
        with WorkerPool[CheckResult](max(len(self._checks), 1)) as workers:
            for check in self._checks:
                workers.start(check.id, self._work(check, workers))
            left = len(self._checks)
            while left:
                item = workers.next()
                if not isinstance(item, WorkFinished):
                    yield item
                    continue
                left -= 1
                if item.result is not None:
                    yield e.CheckFinished(self._clock.now(), item.result)

    def _work(self, check: Check, workers: WorkerPool[CheckResult]) -> _CheckWork:
        return _CheckWork(check, workers, self._clock, self._stop)


class _CheckWork:
    def __init__(self, check: Check, workers: WorkerPool[CheckResult], clock: Clock, stop: threading.Event) -> None:
        self._check, self._workers, self._clock, self._stop = check, workers, clock, stop

    def __call__(self) -> CheckResult:
        check, clock = self._check, self._clock
        self._workers.publish(e.CheckStarted(clock.now(), check.id))
        context = StepContext(
            source=e.CallSource.CHECK, id=check.id, publish=self._workers.publish, clock=clock, stop=self._stop
        )
        began = clock.ticks()
        try:
            result = check.inspect(context)
        except Stopped:
            result = _skipped(check, "stopped before it was done", "Run it again.")
        except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
            problem = as_problem(error)
            result = _skipped(check, " ".join(filter(None, (problem.what, problem.why))), problem.next)
        return replace(result, calls=tuple(context.calls), elapsed_ms=round((clock.ticks() - began) * 1000))


def _skipped(check: Check, found: str, remedy: str) -> CheckResult:
    return CheckResult(check.id, check.title, CheckStatus.SKIP, expected="", found=found, remedy=remedy)

"""What AWS holds now of the steps of a run: one look at each, side by side, nothing written anywhere."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence

from breakglass_tui.domain.events import Source
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.sight import Seen, Sight
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.crew import Crew, Finished
from breakglass_tui.engine.ledger import Ledger
from breakglass_tui.engine.plan import Step
from breakglass_tui.engine.turn import Stopped, Turn
from breakglass_tui.engine.unexpected import as_problem

ABSENT_FOR_S = 10.0
"""One read that finds nothing proves nothing: a replica of IAM may not have heard of it yet."""
BETWEEN_LOOKS_S = 2.0


def sights(
    steps: Sequence[Step],
    record: RunRecord,
    clock: Clock,
    *,
    patient: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Step, Sight]]:
    """What is seen of each of ``steps``, as soon as it is; what cannot be read is unknown.

    ``patient`` looks for some seconds before it says that something is not there, unless ``stop`` is set meanwhile.
    """
    by_id = {step.id: step for step in steps}
    ledger, stop = Ledger(copy.deepcopy(record)), stop or threading.Event()
    with Crew[Sight]() as crew:
        for step in steps:
            crew.start(step.id, _Look(step, crew, ledger, clock, stop, patient=patient))
        left = len(steps)
        while left:
            item = crew.next()
            if not isinstance(item, Finished):
                continue
            left -= 1
            yield by_id[item.id], item.result or _unseen(item.error)


class _Look:
    def __init__(
        self, step: Step, crew: Crew[Sight], ledger: Ledger, clock: Clock, stop: threading.Event, *, patient: bool
    ) -> None:
        self._step, self._patient = step, patient
        self._turn = Turn(source=Source.CHECK, id=step.id, publish=crew.publish, clock=clock, stop=stop, ledger=ledger)

    def __call__(self) -> Sight:
        began = self._turn.clock.ticks()
        while True:
            sight = self._step.find(self._turn)
            waited = self._turn.clock.ticks() - began
            if sight.seen is not Seen.ABSENT or not self._patient or waited >= ABSENT_FOR_S:
                return sight
            self._turn.wait(BETWEEN_LOOKS_S)


def _unseen(error: BaseException | None) -> Sight:
    if isinstance(error, Stopped):
        return Sight(Seen.UNKNOWN, "the look was stopped")
    return Sight(Seen.UNKNOWN, as_problem(error).what if error else "")

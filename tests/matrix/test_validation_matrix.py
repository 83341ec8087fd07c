"""Every call of a validation x every fault: a check that could not read AWS never passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from fault_bench import Bench, PatientClock, looked_at, patient
from fault_cells import CALLS, Cell, Phase, cells, expected, judged, sample
from fault_proxy import FaultProxy
from watched_account import WatchedAccount
from werkzeug.serving import WSGIRequestHandler

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.overlay import totp_check
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.engine.step_context import StepContext

SAMPLE = sample(Phase.VALIDATE)
REST = [cell for cell in cells(Phase.VALIDATE) if cell not in SAMPLE]


class MovingClock(PatientClock):
    """Move the time of day with each wait, here and in the account, because each validation needs a new MFA code."""

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.waited)


@dataclass
class Made:
    """Return a user of a run, and the result of its validation without faults."""

    bench: Bench
    clean: dict[str, CheckResult]
    calls: dict[str, int]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with DemoAccount() as demo, pytest.MonkeyPatch.context() as patch:
        watched = WatchedAccount(demo)
        proxy, clock = FaultProxy(watched.endpoint), MovingClock()
        patch.setattr(StepContext, "wait", patient(clock, proxy))
        patch.setattr(totp_check, "time", SimpleNamespace(time=lambda: clock.now().timestamp()))
        patch.setattr(WSGIRequestHandler, "date_time_string", lambda *_: format_datetime(clock.now(), usegmt=True))
        bench = Bench(watched, proxy, clock, looked_at(watched), tmp_path_factory.mktemp("made"))
        assert bench.begin().status is RunStatus.DONE
        proxy.fresh()
        clean = bench.validate()
        yield Made(bench, clean, dict(proxy.seen))
        proxy.close()


@pytest.fixture(autouse=True)
def quick(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StepContext, "wait", patient(made.bench.clock, made.bench.proxy))
    made.bench.proxy.fresh()


def test_the_matrix_names_every_call_of_a_validation(made: Made) -> None:
    assert made.calls == CALLS[Phase.VALIDATE]
    hazards = {id for id, result in made.clean.items() if result.status is CheckStatus.WARN}
    assert hazards == {"last-use", "mfa-enforcement", "second-device", "sign-in-alert"}
    assert {made.clean[id].status for id in made.clean.keys() - hazards} == {CheckStatus.PASS}


@pytest.mark.parametrize("cell", SAMPLE, ids=lambda cell: cell.id)
def test_a_validation_is_correct_after_a_fault(made: Made, cell: Cell, add_result) -> None:
    _hold(made, cell, add_result)


@pytest.mark.matrix
@pytest.mark.parametrize("cell", REST, ids=lambda cell: cell.id)
def test_a_validation_is_correct_after_every_fault(made: Made, cell: Cell, add_result) -> None:
    _hold(made, cell, add_result)


def _hold(made: Made, cell: Cell, add_result) -> None:
    results = made.bench.validate((cell.operation, cell.nth, cell.fault))
    assert (cell.operation, cell.fault) in made.bench.proxy.hit
    add_result(cell, way := judged(cell, made.clean, results))
    assert way in expected(cell), [(result.id, result.status, result.found) for result in results.values()]

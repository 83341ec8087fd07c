"""The account, the proxy and the bench of all cells, and the table of a whole matrix."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.retries.standard import ExponentialBackoff
from fault_bench import Bench, PatientClock, looked_at, patient
from fault_cells import Cell, Way
from fault_proxy import FaultProxy
from fault_table import FAILED, table
from killable import Program, Zygote
from watched_account import WatchedAccount

from breakglass_tui.aws import consistency
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.engine.step_context import StepContext


@pytest.fixture(scope="session")
def watched() -> Iterator[WatchedAccount]:
    with DemoAccount() as demo:
        yield WatchedAccount(demo)


@pytest.fixture(scope="session")
def proxy(watched: WatchedAccount) -> Iterator[FaultProxy]:
    proxy = FaultProxy(watched.endpoint)
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def seen_account(watched: WatchedAccount) -> object:
    return looked_at(watched)


@pytest.fixture
def bench(watched, proxy, seen_account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = PatientClock()
    monkeypatch.setattr(StepContext, "wait", patient(clock, proxy))
    monkeypatch.setattr(consistency, "INTERVAL_S", 3.0)  # fewer reads in the same time
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power failure happens here, and it takes a third of the time
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    proxy.fresh()
    bench = Bench(watched, proxy, clock, seen_account, tmp_path)
    yield bench
    watched.clear(bench.name)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
def program(zygote: Zygote, watched: WatchedAccount, tmp_path: Path) -> Iterator[Program]:
    """Return the real program, which can be killed, with a separate user."""
    program = Program(zygote, watched, tmp_path)
    yield program
    watched.clear(program.name)


@pytest.fixture
def outcomes(request: pytest.FixtureRequest) -> list[tuple[str, object]]:
    """Return the list of results that the summary counts."""
    return request.node.user_properties


@pytest.fixture
def add_result(request: pytest.FixtureRequest) -> Callable[[Cell, Way], None]:
    """Return a function that adds the result of a cell to the table."""
    cell: Cell = request.getfixturevalue("cell")
    request.node.user_properties.append(("cell", [str(cell.phase), cell.operation, cell.nth, str(cell.fault)]))
    return lambda _, way: request.node.user_properties.append(("way", str(way)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, and the results after the killed processes."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    found = [(dict(report.user_properties), report) for report in reports if report.when == "call"]
    ways = {
        tuple(values["cell"]): values.get("way", FAILED) if report.passed else FAILED
        for values, report in found
        if "cell" in values
    }
    kills = Counter(values["kill"] if report.passed else FAILED for values, report in found if "kill" in values)
    terminalreporter.section("fault matrix")
    for line in table(ways):
        terminalreporter.write_line(line)
    for text, count in sorted(kills.items()):
        terminalreporter.write_line(f"{count} kills: {text}")

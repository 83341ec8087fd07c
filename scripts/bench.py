"""Measure the speed and the memory of the program, each as a ratio to a simpler program or to its own calls.

Unlike absolute times, ratios are comparable between machines. Only event-loop gaps are in milliseconds, and the list of
thousands of runs is in seconds of processor time. The exit code is 1 if a budget is exceeded.
"""

from __future__ import annotations

import asyncio
import compileall
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
from bench_account import SimulatedAws, simulated_aws
from bench_apply import apply_ratio
from bench_calls import CallTimes
from bench_process import help_ratio, memory_ratio
from bench_runs import list_seconds
from textual.pilot import Pilot

import breakglass_tui
from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.demo_request import demo_request
from breakglass_tui.domain import events as e
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import new_run, new_setup, subject_of
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.state.phase import Phase

PAIRS = 9
BARE_APP = """
from textual.app import App
from textual.widgets import Footer, Header

class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]
    TITLE = "Bare"

    def compose(self):
        yield Header()
        yield Footer()

Bare().run()
"""
PYTHON = sys.executable
IDLE_S = 10
CUSTODIAN = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
GAP_RUNS = 3
APP = ["-m", "breakglass_tui", "--demo"]
FIRST_PAINT, GAP_MS, CONFIGURATION, VALIDATION, APPLY, HELP, MEMORY = 1.25, 30.0, 1.15, 1.3, 1.25, 4.0, 1.4
LIST_S = 2.0


def main() -> int:
    """Measure everything and print a table with the budgets. Return 1 if a budget is exceeded, else 0."""
    # pip has compiled Textual on installation. The modules of a checkout may not be compiled.
    compileall.compile_dir(Path(breakglass_tui.__file__).parent, quiet=1)
    rows = [
        ("first paint / bare Textual app", median_ratio(paint_app, paint_bare), FIRST_PAINT, "x"),
        ("event-loop gap beyond that of an idle loop, 300 ms a call", median_gap_ms(), GAP_MS, "ms"),
        *critical_paths(),
        ("apply / a sequential boto3 script, 100 ms a call", apply_ratio(), APPLY, "x"),
        ("--help / empty Python program", help_ratio(), HELP, "x"),
        ("memory of the app / bare Textual app with boto3", app_memory(), MEMORY, "x"),
        ("runs with 5,000 finished runs, processor time", list_seconds(), LIST_S, "s"),
    ]
    print(f"{'measured':50} {'found':>9} {'budget':>9}")
    for name, found, budget, unit in rows:
        mark = "ok" if found <= budget else "OVER"
        print(f"{name:50} {found:7.2f} {unit:2} {budget:6.2f} {unit:2} {mark}")
    return int(any(found > budget for _, found, budget, _ in rows))


def app_memory() -> float:
    """Return the memory of the app, divided by that of a bare Textual app with boto3 clients.

    The simulated account runs in another process, so its memory does not count.
    """
    with simulated_aws(delay_s=0) as account:
        return memory_ratio(account)


def median_ratio(one: Callable[[], float], other: Callable[[], float]) -> float:
    """Return the median of ``one() / other()`` over ``PAIRS`` measurements, after one warm-up of each."""
    one(), other()
    return statistics.median(one() / other() for _ in range(PAIRS))


def paint_app() -> float:
    """Return the seconds from the start of the process to the first frame of the app."""
    return paint([*APP], "New emergency user")


def paint_bare() -> float:
    """Return the seconds from the start of the process to the first frame of an app with only a header and a footer."""
    return paint(["-c", BARE_APP], "Bare")


def paint(arguments: list[str], shown: str, *, program: str = PYTHON) -> float:
    """Start Python, or ``program``, with ``arguments``.

    Return the seconds from the start of the process until it has painted ``shown``.
    """
    started = time.perf_counter()
    child = pexpect.spawn(program, arguments, dimensions=(36, 120), timeout=30)
    child.expect_exact(shown)
    elapsed = time.perf_counter() - started
    # On a busy machine, close() does not wait long enough for the process to end.
    child.kill(signal.SIGKILL)
    child.wait()
    child.close()
    return elapsed


def median_gap_ms() -> float:
    """Return the median of the largest event-loop gaps of three runs, in milliseconds.

    Because of the median, a single stall of the machine does not count.
    """
    return statistics.median(asyncio.run(largest_gap_ms()) for _ in range(GAP_RUNS))


async def largest_gap_ms() -> float:
    """Return the longest time that the event loop is blocked during a run and its checks, in milliseconds.

    The simulated account is in another process, as AWS would be, and takes 300 ms a call. The longest gap of an idle
    loop on this machine is subtracted. The painting of a new screen does not count.
    """
    with simulated_aws(delay_s=0.3) as account, tempfile.TemporaryDirectory() as directory:
        app = BreakGlassApp(lambda: connection(account), demo=True, directory=Path(directory), journals=Path(directory))
        async with app.run_test(size=(120, 36)) as pilot:
            await open_confirmation(app, pilot)
            await pilot.press("y")
            await until(lambda: app.phase is Phase.CONFIGURATION)
            await pilot.pause()
            running = await worst_gap(lambda: app.session.run.record.finished_at is not None)
            assert app.session.run.record.status is e.RunStatus.DONE, app.session.run.record.problem
            await pilot.press("enter")
            await until(lambda: app.phase is Phase.VALIDATION)
            await pilot.pause()
            validating = await worst_gap(lambda: not app.session.run.validation.inspecting)
    started = time.perf_counter()
    idle = await worst_gap(lambda: time.perf_counter() - started > IDLE_S)
    return max(0.0, max(running, validating) - idle)


async def open_confirmation(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Fill in the form of the app and go to the dialog that asks whether to create the user."""
    await until(lambda: app.session.connection.account is not None and app.session.connection.account.complete)
    draft = app.session.draft
    draft.access, draft.mfa, draft.kms_key_id = "both", "sealed", "alias/break-glass"
    draft.groups, draft.seal_to = ("emergency",), CUSTODIAN
    await pilot.press("n")
    await until(lambda: bool(app.screen.query("#user_name")))
    await pilot.press("ctrl+n")
    await until(lambda: app.phase is Phase.SUMMARY and bool(app.session.run.preflight))
    await until(lambda: not app.session.run.prechecking)
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def worst_gap(over: Callable[[], bool]) -> float:
    """Return the longest event-loop gap in milliseconds, measured until ``over()`` is true."""
    gaps: list[float] = [0.0]
    watcher = asyncio.create_task(watch(gaps))
    await until(over)
    watcher.cancel()
    return max(gaps) * 1000


async def watch(gaps: list[float], rest_s: float = 0.002) -> None:
    """Append to ``gaps`` how many seconds too late each sleep of ``rest_s`` seconds ends."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(rest_s)
        gaps.append(time.perf_counter() - started - rest_s)


async def until(condition: Callable[[], bool], limit_s: float = 60) -> None:
    """Wait until ``condition()`` is true. Raises ``TimeoutError`` after ``limit_s`` seconds."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - the condition has no event
            await asyncio.sleep(0.01)


def connection(account: SimulatedAws) -> Cloud:
    """Return a ``Cloud`` for the simulated account."""
    credentials = (account.access_key_id, account.secret_access_key)
    return connect(region=DemoAccount.default_region, endpoint_url=account.url, credentials=credentials, demo=True)


def critical_paths() -> list[tuple[str, float, float, str]]:
    """Return the table rows for configuration and validation, when each call takes 100 ms.

    A row has the name, the time divided by that of the longest chain of calls, the budget, and the unit.
    """
    with simulated_aws(delay_s=0.1) as aws, tempfile.TemporaryDirectory() as directory:
        cloud = connection(aws)
        request = parse_request(demo_request())
        *_, account = cloud.assess(request.region, cloud.identify())
        setup = new_setup(request, account, Path(directory))
        record, configuration = configured(cloud, setup)
        validation = validated(cloud, setup, record)
    return [
        ("configuration / its critical path, 100 ms a call", configuration, CONFIGURATION, "x"),
        ("validation / its critical path, 100 ms a call", validation, VALIDATION, "x"),
    ]


def configured(cloud: Cloud, setup: Setup) -> tuple[RunRecord, float]:
    """Run the plan. Return the record of the run, and its time divided by that of its critical path.

    The time starts with the first step.
    """
    record, times = RunRecord(), CallTimes()
    started = 0.0
    for event in new_run(cloud, setup, RunStore(setup.envelopes.directory)).events():
        if isinstance(event, e.StepStarted) and not started:
            started = time.perf_counter()
        record.apply(event)
        times.add(event)
    elapsed = time.perf_counter() - started
    assert record.status is e.RunStatus.DONE, record.problem
    path = cloud.plan(setup).critical_path(lambda step: times.seconds(step.id))
    return record, elapsed / path


def validated(cloud: Cloud, setup: Setup, record: RunRecord) -> float:
    """Run all checks. Return their total time divided by that of the check whose calls take longest.

    A read that several checks share counts for the check that makes it.
    """
    started, times = time.perf_counter(), CallTimes()
    for event in CheckRunner(cloud.checks(subject_of(setup, record))).events():
        record.apply(event)
        times.add(event)
    elapsed = time.perf_counter() - started
    return elapsed / max(times.seconds(id) for id in record.checks)


if __name__ == "__main__":
    sys.exit(main())

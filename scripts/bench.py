"""Speed, as ratios measured in one run: first paint, event-loop gaps, critical paths, help, memory.

Ratios hold on any machine; absolute times do not. Exit code 1 when a budget is broken.
"""

from __future__ import annotations

import asyncio
import compileall
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
from bench_process import help_ratio, memory_ratio
from textual.pilot import Pilot

import breakglass_tui
from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.demo_request import demo_request
from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import new_run, new_setup, subject_of
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.flow import Phase

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
ELSEWHERE = """
import sys
from breakglass_tui.demo.demo_account import DemoAccount

with DemoAccount(delay_s=float(sys.argv[1])) as demo:
    print(demo.start(), flush=True)
    sys.stdin.read()
"""
PYTHON = sys.executable
IDLE_S = 10
CUSTODIAN = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
GAP_RUNS = 3
APP = ["-m", "breakglass_tui", "--demo"]
FIRST_PAINT, GAP_MS, CONFIGURATION, VALIDATION, HELP, MEMORY = 1.15, 50.0, 1.15, 1.3, 4.0, 1.5


def main() -> int:
    """Measure everything, print a table, and tell whether every budget holds."""
    # pip compiles what it installs, and so it has compiled Textual: a checkout may not be compiled at all.
    compileall.compile_dir(Path(breakglass_tui.__file__).parent, quiet=1)
    rows = [
        ("first paint / bare Textual app", median_ratio(paint_app, paint_bare), FIRST_PAINT, "x"),
        ("event-loop gap beyond an idle one, 300 ms a call", usual_gap_ms(), GAP_MS, "ms"),
        *critical_paths(),
        ("--help / Python doing nothing", help_ratio(), HELP, "x"),
        ("memory of the app / bare Textual app with boto3", recovery(), MEMORY, "x"),
    ]
    print(f"{'measured':50} {'found':>9} {'budget':>9}")
    for name, found, budget, unit in rows:
        mark = "ok" if found <= budget else "OVER"
        print(f"{name:50} {found:7.2f} {unit:2} {budget:6.2f} {unit:2} {mark}")
    return int(any(found > budget for _, found, budget, _ in rows))


def recovery() -> float:
    """The memory of an app that has read an account, which is another process here."""
    with aws_elsewhere(delay_s=0) as url:
        return memory_ratio(url)


def median_ratio(one: Callable[[], float], other: Callable[[], float]) -> float:
    """The median of ``one / other`` over pairs measured in turn, after one warm-up of each."""
    one(), other()
    return statistics.median(one() / other() for _ in range(PAIRS))


def paint_app() -> float:
    """Seconds from the start of the process to the first frame of the app."""
    return paint([*APP], "New emergency user")


def paint_bare() -> float:
    """The same for an app with nothing but a header and a footer."""
    return paint(["-c", BARE_APP], "Bare")


def paint(arguments: list[str], shown: str) -> float:
    """Seconds until ``shown`` stands on the terminal."""
    began = time.perf_counter()
    child = pexpect.spawn(PYTHON, arguments, dimensions=(36, 120), timeout=30)
    child.expect_exact(shown)
    took = time.perf_counter() - began
    # A busy machine takes longer to end a process than close() waits.
    child.kill(signal.SIGKILL)
    child.wait()
    child.close()
    return took


def usual_gap_ms() -> float:
    """The median of the largest gaps of three runs: one stall of the machine is no fault of the app."""
    return statistics.median(asyncio.run(largest_gap_ms()) for _ in range(GAP_RUNS))


async def largest_gap_ms() -> float:
    """How long the event loop was not served, at most, while a run and its checks wait for AWS.

    AWS is another process here, as it is in life, and what the machine itself does to a loop that has nothing to do
    is taken off. Painting a new screen is no part of it: it waits for nobody.
    """
    with aws_elsewhere(delay_s=0.3) as url, tempfile.TemporaryDirectory() as directory:
        app = BreakGlassApp(lambda: connection(url), demo=True, directory=Path(directory), journals=Path(directory))
        async with app.run_test(size=(120, 36)) as pilot:
            await reviewed(app, pilot)
            await pilot.press("y")
            await until(lambda: app.phase is Phase.CONFIGURATION)
            await pilot.pause()
            running = await worst_gap(lambda: app.session.record.finished_at is not None)
            assert app.session.record.status is e.RunStatus.DONE, app.session.record.problem
            await pilot.press("enter")
            await until(lambda: app.phase is Phase.VALIDATION)
            await pilot.pause()
            proving = await worst_gap(lambda: not app.session.inspecting)
    began = time.perf_counter()
    idle = await worst_gap(lambda: time.perf_counter() - began > IDLE_S)
    return max(0.0, max(running, proving) - idle)


async def reviewed(app: BreakGlassApp, pilot: Pilot[None]) -> None:
    """Up to the question whether to create it."""
    await until(lambda: app.session.account is not None and app.session.account.complete)
    draft = app.session.draft
    draft.access, draft.mfa, draft.kms_key_id = "both", "sealed", "alias/break-glass"
    draft.groups, draft.seal_to = ("emergency",), CUSTODIAN
    await pilot.press("n")
    await until(lambda: bool(app.screen.query("#user_name")))
    await pilot.press("ctrl+n")
    await until(lambda: app.phase is Phase.SUMMARY and bool(app.session.preflight))
    await until(lambda: not app.session.prechecking)
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def worst_gap(over: Callable[[], bool]) -> float:
    """The longest gap in milliseconds until ``over``."""
    gaps: list[float] = [0.0]
    watcher = asyncio.create_task(watch(gaps))
    await until(over)
    watcher.cancel()
    return max(gaps) * 1000


@contextmanager
def aws_elsewhere(*, delay_s: float) -> Iterator[str]:
    """The simulated account in a process of its own; its endpoint."""
    child = subprocess.Popen(
        [PYTHON, "-c", ELSEWHERE, str(delay_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdout.readline().strip()
    finally:
        child.stdin.close()
        child.wait()


async def watch(gaps: list[float], rest_s: float = 0.002) -> None:
    """Note how much later than asked the loop comes back."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(rest_s)
        gaps.append(time.perf_counter() - began - rest_s)


async def until(holds: Callable[[], bool], limit_s: float = 60) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(limit_s):
        while not holds():  # noqa: ASYNC110 - the condition is anybody's
            await asyncio.sleep(0.01)


def connection(url: str) -> Cloud:
    """A cloud on the simulated account at ``url``."""
    credentials = (DemoAccount.access_key_id, DemoAccount.secret_access_key)
    return connect(region=DemoAccount.default_region, endpoint_url=url, credentials=credentials, demo=True)


def critical_paths() -> list[tuple[str, float, float, str]]:
    """Configuration and validation at 100 ms a call, each against the longest chain of its own calls."""
    with aws_elsewhere(delay_s=0.1) as url, tempfile.TemporaryDirectory() as directory:
        cloud = connection(url)
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
    """A whole run: its record, and the time from the first step on against the critical path of its steps."""
    record = RunRecord()
    began = 0.0
    for event in new_run(cloud, setup, RunStore(setup.envelopes.directory)).events():
        if isinstance(event, e.StepStarted) and not began:
            began = time.perf_counter()
        record.apply(event)
    took = time.perf_counter() - began
    assert record.status is e.RunStatus.DONE, record.problem
    path = cloud.plan(setup).critical_path(lambda step: seconds(record.steps[step.id].calls))
    return record, took / path


def validated(cloud: Cloud, setup: Setup, record: RunRecord) -> float:
    """All checks against the longest one's calls."""
    began = time.perf_counter()
    for event in CheckRunner(cloud.checks(subject_of(setup, record))).events():
        record.apply(event)
    took = time.perf_counter() - began
    # The Regions of the alert are asked side by side: its calls are no chain.
    chains = [check.calls for check in record.checks.values() if check.id != "sign-in-alert"]
    return took / max(map(seconds, chains))


def seconds(calls: Iterable[Call]) -> float:
    """What the calls took, one after the other."""
    return sum(call.elapsed_ms for call in calls) / 1000


if __name__ == "__main__":
    sys.exit(main())

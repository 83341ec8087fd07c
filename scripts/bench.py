"""Speed, as ratios measured in one run: first paint, help, event-loop gaps, critical paths.

Ratios hold on any machine; absolute times do not. Exit code 1 when a budget is broken.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pexpect

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.account import DemoAccount
from breakglass_tui.demo.request import demo_request
from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import new_run, new_setup, subject_of
from breakglass_tui.engine.inspection import Inspection
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
PYTHON = sys.executable
APP = ["-m", "breakglass_tui", "--demo"]
FIRST_PAINT, HELP, GAP_MS, CONFIGURATION, VALIDATION = 1.15, 4.0, 50.0, 1.15, 1.3


def main() -> int:
    """Measure everything, print a table, and tell whether every budget holds."""
    rows = [
        ("first paint / bare Textual app", median_ratio(paint_app, paint_bare), FIRST_PAINT, "x"),
        ("--help / bare python start", median_ratio(help_of_app, bare_python), HELP, "x"),
        ("largest event-loop gap, 300 ms a call", asyncio.run(largest_gap_ms()), GAP_MS, "ms"),
        *critical_paths(),
    ]
    print(f"{'measured':44} {'found':>9} {'budget':>9}")
    for name, found, budget, unit in rows:
        mark = "ok" if found <= budget else "OVER"
        print(f"{name:44} {found:7.2f} {unit:2} {budget:6.2f} {unit:2} {mark}")
    return int(any(found > budget for _, found, budget, _ in rows))


def median_ratio(one: Callable[[], float], other: Callable[[], float]) -> float:
    """The median of ``one / other`` over pairs measured in turn, after one warm-up of each."""
    one(), other()
    return statistics.median(one() / other() for _ in range(PAIRS))


def paint_app() -> float:
    """Seconds from the start of the process to the first frame of the app."""
    return paint([*APP], "Assessment")


def paint_bare() -> float:
    """The same for an app with nothing but a header and a footer."""
    return paint(["-c", BARE_APP], "Bare")


def paint(arguments: list[str], shown: str) -> float:
    """Seconds until ``shown`` stands on the terminal."""
    began = time.perf_counter()
    child = pexpect.spawn(PYTHON, arguments, dimensions=(36, 120), timeout=30)
    child.expect_exact(shown)
    took = time.perf_counter() - began
    child.close(force=True)
    return took


def help_of_app() -> float:
    """Seconds for ``breakglass-tui --help``."""
    return process(["-m", "breakglass_tui", "--help"])


def bare_python() -> float:
    """Seconds for a Python that does nothing."""
    return process(["-c", "pass"])


def process(arguments: Iterable[str]) -> float:
    """Seconds for a whole process."""
    began = time.perf_counter()
    subprocess.run([PYTHON, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def largest_gap_ms() -> float:
    """The longest time the event loop was not served, from the confirmation to the last check."""
    with DemoAccount(delay_s=0.3) as demo, tempfile.TemporaryDirectory() as directory:
        app = BreakGlassApp(lambda: connection(demo), demo=True, directory=Path(directory))
        async with app.run_test(size=(120, 36)) as pilot:
            await until(lambda: app.session.account is not None and app.session.account.complete)
            draft = app.session.draft
            draft.access, draft.mfa, draft.kms_key_id = "both", "sealed", "alias/break-glass"
            draft.groups = ("emergency",)
            await pilot.press("ctrl+n")
            await until(lambda: app.phase is Phase.SUMMARY)
            gaps: list[float] = []
            watcher = asyncio.create_task(watch(gaps))
            app.start_run()
            await until(lambda: app.session.record.finished_at is not None)
            app.post_message(_move_on())
            await until(lambda: app.phase is Phase.VALIDATION and not app.session.inspecting)
            watcher.cancel()
            assert app.session.record.status is e.RunStatus.DONE, app.session.record.problem
            return max(gaps) * 1000


def _move_on() -> object:
    from breakglass_tui.ui.messages import Move

    return Move(Phase.CONFIGURATION, Phase.VALIDATION)


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


def connection(demo: DemoAccount) -> Cloud:
    """A cloud on the simulated account."""
    return connect(
        region=demo.default_region,
        endpoint_url=demo.start(),
        credentials=(demo.access_key_id, demo.secret_access_key),
        demo=True,
    )


def critical_paths() -> list[tuple[str, float, float, str]]:
    """Configuration and validation at 100 ms a call, each against the longest chain of its own calls."""
    with DemoAccount(delay_s=0.1) as demo, tempfile.TemporaryDirectory() as directory:
        cloud = connection(demo)
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
    for event in new_run(cloud, setup).events():
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
    for event in Inspection(cloud.checks(subject_of(setup, record))).events():
        record.apply(event)
    took = time.perf_counter() - began
    return took / max(seconds(check.calls) for check in record.checks.values())


def seconds(calls: Iterable[Call]) -> float:
    """What the calls took, one after the other."""
    return sum(call.elapsed_ms for call in calls) / 1000


if __name__ == "__main__":
    sys.exit(main())

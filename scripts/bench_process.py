"""Measure the time of ``--help`` and the memory of the app, each compared with a simpler program."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pexpect
from bench_account import SimulatedAws

PAIRS = 15
PYTHON = sys.executable
BARE = """
import boto3
from textual.app import App
from textual.widgets import Footer, Header

class Bare(App):
    TITLE = "Bare"

    def on_mount(self):
        for service in ("iam", "sts"):
            boto3.client(service, region_name="eu-west-1")

    def compose(self):
        yield Header()
        yield Footer()

Bare().run()
"""


def help_ratio() -> float:
    """Return the time of ``--help`` divided by that of an empty Python program.

    It is the median of ``PAIRS`` measurements.
    """
    return statistics.median(_seconds("-m", "breakglass_tui", "--help") / _seconds("-c", "pass") for _ in range(PAIRS))


def memory_ratio(account: SimulatedAws) -> float:
    """Return the resident memory of the app divided by that of a bare Textual app with boto3 clients.

    It is measured after the app has read the account.
    """
    app = _resident(["-m", "breakglass_tui", "--endpoint-url", account.url], "bg-alice|Bg-Alice", account)
    return app / _resident(["-c", BARE], "Bare", account)


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([PYTHON, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _resident(arguments: list[str], shown: str, account: SimulatedAws) -> int:
    """Start Python with ``arguments``. Return its resident memory in kilobytes.

    It is measured after the process has painted ``shown`` and when its memory no longer grows.
    """
    environment = {**os.environ, **account.variables}
    child = pexpect.spawn(PYTHON, arguments, env=environment, dimensions=(36, 120), timeout=60)
    try:
        child.expect(shown)
        before = 0
        while (now := _rss(child.pid)) > before:
            before = now
            time.sleep(1)
        return now
    finally:
        child.kill(signal.SIGKILL)
        child.wait()
        child.close()


def _rss(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None, "VmRSS is missing"
    return int(found[1])

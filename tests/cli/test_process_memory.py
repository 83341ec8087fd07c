"""The memory with the secrets: no core file, no reader in another process, and no swap if that is safe."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
from pathlib import Path

import pytest
from console import headless

from breakglass_tui import cli
from breakglass_tui.cli import environment, process_memory

DRIVER = Path(__file__).parents[1] / "support" / "memory_driver.py"


@pytest.fixture
def libc(monkeypatch):
    """Replace the C library, and return the list of calls."""

    class Library:
        calls = []

        def __getattr__(self, name):
            return lambda *numbers: self.calls.append((name, *numbers)) or 0

    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: library)
    return library.calls


def limited(monkeypatch, soft):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, resource.RLIM_INFINITY))


@pytest.mark.parametrize("arguments", [("--demo", "plan"), ("runs",)])
def test_the_real_process_leaves_no_core_and_cannot_be_read(arguments, tmp_path):
    variables = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    ran = headless(*arguments, program=(sys.executable, str(DRIVER)), env=variables)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.splitlines()[-1] == "dumpable=0 core=(0, 0)"


def test_the_memory_is_protected_before_anything_else(monkeypatch):
    class ProtectedError(Exception):
        """Raised in place of the protection."""

    def protect():
        raise ProtectedError

    monkeypatch.setattr(process_memory, "protect_memory", protect)
    monkeypatch.setattr(environment, "scrub", lambda _: pytest.fail("the environment was read first"))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("the limits were set first"))
    monkeypatch.setattr(sys, "argv", ["breakglass-tui", "runs"])
    monkeypatch.setattr(gc, "disable", lambda: None)
    with pytest.raises(ProtectedError):
        cli.main()


def test_without_a_limit_memory_is_locked(libc, monkeypatch):
    limited(monkeypatch, resource.RLIM_INFINITY)
    process_memory.protect_memory()
    on_fault = process_memory.MCL_CURRENT | process_memory.MCL_FUTURE | process_memory.MCL_ONFAULT
    assert libc == [("prctl", process_memory.PR_SET_DUMPABLE, 0, 0, 0, 0), ("mlockall", on_fault)]


def test_under_a_limit_nothing_is_locked_as_later_allocations_would_fail(libc, monkeypatch):
    limited(monkeypatch, 8 << 20)
    process_memory.protect_memory()
    assert [call[0] for call in libc] == ["prctl"]


def test_a_machine_without_prctl_is_left_alone(libc, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    process_memory.protect_memory()
    assert libc == []

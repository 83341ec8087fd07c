"""While the operator reads the first screen, the rest is loaded and the process is prepared for the work in threads."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from breakglass_tui.ui import load_ahead


@pytest.fixture
def c_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Yield a function that replaces the C library. The garbage collector and the threads of the tests stay as set."""
    interval = sys.getswitchinterval()
    monkeypatch.setattr(
        load_ahead, "gc", SimpleNamespace(freeze=int, get_threshold=lambda: (0, 0, 0), set_threshold=max)
    )

    def replace(**functions: Any) -> None:
        monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(**functions) if name is None else None)

    yield replace
    sys.setswitchinterval(interval)


def test_free_memory_returns_to_the_system(c_library: Callable[..., None]) -> None:
    pads = list[int]()
    c_library(malloc_trim=pads.append)
    load_ahead.load_ahead()
    assert pads == [0]


def test_a_c_library_that_cannot_do_that_is_no_error(c_library: Callable[..., None]) -> None:
    called = list[str]()
    c_library(prctl=called.append)
    load_ahead.load_ahead()
    assert called == []


def test_threads_yield_the_interpreter_lock_soon(c_library: Callable[..., None]) -> None:
    c_library()
    sys.setswitchinterval(0.005)
    load_ahead.load_ahead()
    assert sys.getswitchinterval() == pytest.approx(0.001)

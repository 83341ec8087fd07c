"""While the operator reads the first screen, the rest is loaded and free memory goes back to the system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from breakglass_tui.ui import threads


@pytest.fixture
def c_library(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that replaces the C library. The garbage collector of the tests is left alone."""
    monkeypatch.setattr(threads, "gc", SimpleNamespace(freeze=int, get_threshold=lambda: (0, 0, 0), set_threshold=max))

    def replace(**functions: Any) -> None:
        monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(**functions) if name is None else None)

    return replace


def test_free_memory_returns_to_the_system(c_library: Callable[..., None]) -> None:
    pads = list[int]()
    c_library(malloc_trim=pads.append)
    threads.load_ahead()
    assert pads == [0]


def test_a_c_library_that_cannot_do_that_is_no_error(c_library: Callable[..., None]) -> None:
    called = list[str]()
    c_library(prctl=called.append)
    threads.load_ahead()
    assert called == []

"""load_ahead: imports the modules of later phases while the operator reads the first screen."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import sys

LATER = (
    "assessment.form",
    "summary.screen",
    "configuration.screen",
    "validation.screen",
    "first_sign_in.screen",
    "configuration.stop_dialog",
    "dialogs.help",
)
SELDOM = 100
"""Threshold of the third generation of the garbage collector: how rarely a full collection runs. The default is 10."""
SWITCH_S = 0.001
"""Seconds after which a thread yields the interpreter lock. With the default, 0.005, checks delay the screen longer."""


def load_ahead() -> None:
    """Import the modules of later phases while the operator reads the first screen, so that later moves are fast."""
    for name in LATER:
        importlib.import_module(f"breakglass_tui.ui.{name}")
    # What is loaded now is never freed. A full collection of it took up to 200 ms, and the screen froze meanwhile. So
    # these objects are excluded, and full collections are ten times rarer, which suffices for what is created later.
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    sys.setswitchinterval(SWITCH_S)
    _return_free_memory()


def _return_free_memory() -> None:
    """Return the memory that parsing left free to the system, 3 MB, if the C library can do that (malloc_trim(3))."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)

"""Loads what a run and its validation need while calls to AWS are on their way."""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud, Setup

LATER = ("breakglass_tui.aws.preflight", "breakglass_tui.cli.reviewed_run", "breakglass_tui.aws.checks")
"""The modules that import the others, in the order in which a run needs them."""


def load_ahead(cloud: Cloud) -> None:
    """Load the clients of the first calls. Then import ``LATER``, and load what a run needs in a thread.

    The first calls are sent before the thread takes the processor. Code that needs something earlier than the thread
    loads it itself.
    """
    gc.disable()
    # What cannot be loaded fails again where it is needed, and is reported there.
    with contextlib.suppress(Exception):
        cloud.load_ahead("identify")
    _start(_load, cloud)


def load_for_validation(cloud: Cloud, setup: Setup) -> None:
    """Load what only the validation of ``setup`` needs in a thread. Call it while the run waits for AWS."""
    _start(_load_for_validation, cloud, setup)


def _start(load: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=load, args=arguments, name="breakglass-load-ahead", daemon=True).start()


def _load(cloud: Cloud) -> None:
    with contextlib.suppress(Exception):
        for name in LATER:
            importlib.import_module(name)
        cloud.load_ahead("run")
    # What is loaded now is never freed, so collections leave it out.
    gc.freeze()
    gc.enable()


def _load_for_validation(cloud: Cloud, setup: Setup) -> None:
    gc.disable()
    with contextlib.suppress(Exception):
        cloud.load_for_validation(setup)
        from breakglass_tui.report.page import load_templates

        load_templates()
    # Nothing is frozen here: by now, the process can have secrets.
    gc.enable()

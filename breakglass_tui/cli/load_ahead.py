"""Loads what a whole run needs while its first calls to AWS are on their way."""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud

LATER = ("breakglass_tui.aws.preflight", "breakglass_tui.cli.reviewed_run", "breakglass_tui.aws.checks")
"""The modules that import the others, in the order in which a run needs them."""


def load_ahead(cloud: Cloud) -> None:
    """Import ``LATER``, load the data of ``cloud`` and the templates of the report in a thread.

    Code that needs one of them earlier waits for it, or loads it itself.
    """
    gc.disable()
    threading.Thread(target=_load, args=(cloud,), name="breakglass-load-ahead", daemon=True).start()


def _load(cloud: Cloud) -> None:
    # What cannot be loaded fails again where it is needed, and is reported there.
    with contextlib.suppress(Exception):
        for name in LATER:
            importlib.import_module(name)
        cloud.load_ahead()
        from breakglass_tui.report.page import load_templates

        load_templates()
    # What is loaded now is never freed, so collections leave it out.
    gc.freeze()
    gc.enable()

"""Runs an action during a run."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.events import StepStarted


def at_step(step: str, action: Any) -> Any:
    """Call ``action`` when the step starts."""

    def watch(event: Any, run: Any) -> None:
        if isinstance(event, StepStarted) and event.step == step:
            action()

    return watch

"""Journals: the runs and the saved verdicts on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui.state.run_history import RunHistory

if TYPE_CHECKING:
    from breakglass_tui.engine.run_store import RunStore
    from breakglass_tui.engine.verdict_store import VerdictStore


@dataclass(eq=False, repr=False)
class Journals:
    """The journals and the saved verdicts below ``directory``.

    ``history`` is what was last read of them, or None before that. ``left_open`` has the ids of unfinished runs that
    this process has left.
    """

    directory: Path
    clock: Clock
    history: RunHistory | None = None
    left_open: frozenset[str] = frozenset()

    @cached_property
    def store(self) -> RunStore:
        """The journals of all runs on this machine."""
        from breakglass_tui.engine.run_store import RunStore

        return RunStore(self.directory, self.clock)

    @cached_property
    def verdicts(self) -> VerdictStore:
        """The saved verdicts of all users that were validated on this machine."""
        from breakglass_tui.engine.verdict_store import VerdictStore

        return VerdictStore(self.directory)

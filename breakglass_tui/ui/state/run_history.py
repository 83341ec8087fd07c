"""RunHistory: the unfinished runs and saved verdicts on this machine. ResumableRun: a run that can be continued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breakglass_tui.domain.problems import Problem

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import Run
    from breakglass_tui.engine.stored_run import StoredRun
    from breakglass_tui.engine.verdict_store import SavedVerdict


@dataclass(frozen=True)
class UnfinishedRun:
    """An unfinished run. ``obstacle`` is why it can be neither resumed nor undone now, or None."""

    stored: StoredRun
    obstacle: Problem | None = None


@dataclass(frozen=True)
class RunHistory:
    """The run history of this machine: its unfinished runs, and the saved verdicts of users of this account.

    ``runs`` are the unfinished runs of this account. ``elsewhere`` has one account for each unfinished run of another
    account, and of an emulator that claims to be this one. ``created`` has the names of the users that finished runs
    created. ``verdicts`` has the last verdict of each user, by case-folded user name. ``problem`` is why the runs could
    not be read.
    """

    runs: tuple[UnfinishedRun, ...] = ()
    elsewhere: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    verdicts: Mapping[str, SavedVerdict] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True, eq=False, repr=False)
class ResumableRun:
    """A run of an earlier process, prepared to be resumed or, if ``undo`` is True, to be undone.

    ``stored`` is the run as its journal describes it. ``run`` continues it.
    """

    stored: StoredRun
    setup: Setup
    plan: Plan
    run: Run
    undo: bool

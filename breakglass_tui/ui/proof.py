"""Proof: the state of one validation. It knows no widgets and no cloud.

It is loaded before the first paint, so modules that take time to import are imported when they are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breakglass_tui.ui.log_lines import LogLines

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from breakglass_tui.domain.account import Account
    from breakglass_tui.domain.events import Event, StepBrief
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.engine.check_runner import CheckRunner
    from breakglass_tui.engine.clock import Clock
    from breakglass_tui.engine.cloud import Subject
    from breakglass_tui.ui.flow import Phase


@dataclass(eq=False, repr=False)
class Proof:
    """The checks of a user and their results. Only the App changes it, on its own thread.

    ``record`` holds the results. ``titles`` has the checks by id, in their order. ``unchecked`` are the ids without a
    result yet. ``checked_at`` is when all checks last started together, and ``problem`` is why they could not start.
    ``exported`` are the files of the last report. ``outdated`` means that a first sign-in has made a written report
    obsolete. ``log`` is the log, including that of the run.
    """

    record: RunRecord
    inspecting: bool = False
    titles: dict[str, str] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)
    exported: tuple[Path, ...] = ()
    outdated: bool = False
    checked_at: datetime | None = None
    problem: Problem | None = None
    log: LogLines = field(default_factory=LogLines)
    _inspection: CheckRunner | None = None
    _left: bool = False

    def expect(self, checks: Sequence[StepBrief]) -> None:
        """Register checks that are about to run. All checks stay in the published order."""
        from breakglass_tui.domain.checks import ORDER

        rank = {id: place for place, id in enumerate(ORDER)}
        titles = {**self.titles, **{check.id: check.title for check in checks}}
        self.titles = dict(sorted(titles.items(), key=lambda item: rank.get(item[0], len(rank))))
        self.unchecked = {check.id for check in checks}

    def apply(self, event: Event | None) -> None:
        """Apply one validation event. None marks the end."""
        from breakglass_tui.domain.events import CheckFinished

        if event is None:
            self.inspecting = False
            self.unchecked.clear()
            return
        self.record.apply(event)
        self.log.take(event)
        if isinstance(event, CheckFinished):
            self.unchecked.discard(event.result.id)

    def begin(self, inspection: CheckRunner) -> None:
        """Register the check runner that a thread is about to run. Stop it if the operator has left meanwhile."""
        self._inspection = inspection
        if self._left:
            inspection.stop()

    def leave(self) -> None:
        """Stop the checks: the current calls finish, and no others start."""
        self._left = True
        if self._inspection is not None:
            self._inspection.stop()


@dataclass(eq=False, repr=False)
class Visit(Proof):
    """The validation of a user that no run of this session created.

    ``subject`` holds what the journal of an earlier run on this machine says about the user. The record has no steps.
    ``directory`` is for the report. ``origin`` is the phase to go back to.
    """

    subject: Subject = field(kw_only=True)
    directory: Path = field(kw_only=True)
    origin: Phase = field(kw_only=True)
    clock: Clock = field(kw_only=True)

    @property
    def user_name(self) -> str:
        """The name of the user."""
        return self.subject.user_name

    @property
    def account(self) -> Account:
        """The user's account, as far as it was read when the user was selected."""
        return self.subject.account

    def apply(self, event: Event | None) -> None:
        """Apply one validation event. At the end, the record is finished too."""
        from breakglass_tui.domain.events import RunFinished, RunStatus

        super().apply(event)
        if event is None:
            self.record.apply(RunFinished(self.clock.now(), RunStatus.DONE))

"""The state of one validation. This module uses no widgets and makes no calls to AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.checks import ORDER
from breakglass_tui.domain.events import CheckFinished, Event, RunFinished, RunStatus, StepBrief
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui.state.log_lines import LogLines
from breakglass_tui.ui.state.phase import Phase

if TYPE_CHECKING:
    from breakglass_tui.engine.check_runner import CheckRunner
    from breakglass_tui.engine.cloud import Subject


@dataclass(eq=False, repr=False)
class Validation:
    """The state of one validation of a user: its checks and their results. Only the App's thread changes it.

    ``record`` has the results. ``inspecting`` is True while checks run. ``titles`` has the title of each check by id,
    in the published order. ``unchecked`` has the ids of started checks without a result yet.

    ``checked_at`` is when all checks were last started together. ``problem`` is why the checks could not start.
    ``exported`` are the files of the last report. ``outdated`` is True if a first sign-in has happened since that
    report. ``log`` is the log of the validation, and of the run that created the user.
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
        """Register ``checks``, which are about to run. ``titles`` then has them too, in the published order."""
        rank = {id: place for place, id in enumerate(ORDER)}
        titles = {**self.titles, **{check.id: check.title for check in checks}}
        self.titles = dict(sorted(titles.items(), key=lambda item: rank.get(item[0], len(rank))))
        self.unchecked = {check.id for check in checks}

    def apply(self, event: Event | None) -> None:
        """Update the results and the log with one event of the checks. None means that the checks have ended."""
        if event is None:
            self.inspecting = False
            self._inspection = None  # its checks have clients with the user's own credentials
            self.unchecked.clear()
            return
        self.record.apply(event)
        self.log.take(event)
        if isinstance(event, CheckFinished):
            self.unchecked.discard(event.result.id)

    def begin(self, inspection: CheckRunner) -> None:
        """Register the check runner that a thread is about to run.

        Stop it if the operator has left the screen meanwhile.
        """
        self._inspection = inspection
        if self._left:
            inspection.stop()

    def leave(self) -> None:
        """Stop the checks, because the operator leaves the screen. The current calls finish, and no others start."""
        self._left = True
        if self._inspection is not None:
            self._inspection.stop()


@dataclass(eq=False, repr=False)
class UserValidation(Validation):
    """The validation of a user that no run of this session created.

    ``subject`` describes the user to the checks, with what the journals of this machine record about the user.
    ``record`` has no steps. ``directory`` is where the report is written. ``origin`` is the phase to go back to.
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
        """The account of the user, as far as it had been read when the operator selected the user."""
        return self.subject.account

    def apply(self, event: Event | None) -> None:
        """Update the results and the log with one event of the checks. None also marks the record as finished."""
        super().apply(event)
        if event is None:
            self.record.apply(RunFinished(self.clock.now(), RunStatus.DONE))

"""Proof: a validation as it stands, of the user a run has made or of any other; no widgets, no cloud.

It is there before the first paint: whatever costs time to import is imported when it is needed.
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
    """Checks and what came of them; only the App changes it, on its own thread.

    ``titles`` are the checks in their order, ``unchecked`` those that are yet to give a result, ``exported`` the files
    of the last report; ``outdated`` says that there was one before the first sign-in. ``checked_at`` is when all checks
    were last begun together, ``problem`` why they could not begin, ``log`` what happened, of the run too.
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
        """These checks are about to run; all are kept in the published order, the mission's first."""
        from breakglass_tui.domain.checks import ORDER

        rank = {id: place for place, id in enumerate(ORDER)}
        titles = {**self.titles, **{check.id: check.title for check in checks}}
        self.titles = dict(sorted(titles.items(), key=lambda item: rank.get(item[0], len(rank))))
        self.unchecked = {check.id for check in checks}

    def apply(self, event: Event | None) -> None:
        """The validation told this; None is its end."""
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
        """A thread begins this one; if the operator has left meanwhile, it ends at once."""
        self._inspection = inspection
        if self._left:
            inspection.stop()

    def leave(self) -> None:
        """Nobody looks any more: calls in flight end, and no other begins."""
        self._left = True
        if self._inspection is not None:
            self._inspection.stop()


@dataclass(eq=False, repr=False)
class Visit(Proof):
    """The validation of another user than the session's; ``subject`` holds what an earlier run here tells of it.

    Its record is that of a run without steps. ``origin`` is where the operator came from and goes back to.
    """

    subject: Subject = field(kw_only=True)
    directory: Path = field(kw_only=True)
    origin: Phase = field(kw_only=True)
    clock: Clock = field(kw_only=True)

    @property
    def user_name(self) -> str:
        """Whose validation it is."""
        return self.subject.user_name

    @property
    def account(self) -> Account:
        """The user's account, as far as it was read when the user was picked."""
        return self.subject.account

    def apply(self, event: Event | None) -> None:
        """With its end, the record of the validation has an end, too."""
        from breakglass_tui.domain.events import RunFinished, RunStatus

        super().apply(event)
        if event is None:
            self.record.apply(RunFinished(self.clock.now(), RunStatus.DONE))

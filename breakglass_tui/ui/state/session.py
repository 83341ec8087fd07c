"""Session: what the screens share, and the rules for moving between them. No widgets, no AWS calls.

It is loaded before the first paint. So modules that take time to import are imported inside functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui.state.connection import Connection
from breakglass_tui.ui.state.draft import Draft
from breakglass_tui.ui.state.journals import Journals
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.run_history import ResumableRun
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.state.validation import UserValidation

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


@dataclass(eq=False, repr=False)
class Session:
    """What the screens share: the connection, the journals, the form and the run. Only the App's thread changes it.

    Envelopes and reports are written below ``directory``. ``user_validation`` is the validation on the screen, if its
    user was created by no run of this session.

    ``wanted`` is the form field that the Assessment focuses when it opens. "offline" also opens the dialog of the
    offline seals. ``left_at`` is the form field that had the focus when the Assessment was left.
    """

    connection: Connection
    journals: Journals
    directory: Path
    clock: Clock
    draft: Draft = field(default_factory=Draft)
    run: RunState = field(default_factory=RunState)
    user_validation: UserValidation | None = None
    wanted: Literal["", "offline", "mfa"] = ""
    left_at: str = ""

    def afresh(self) -> Session:
        """Return a session with the same connection to the account, an empty form, and no run.

        Wipe the secrets of this session's run.
        """
        if self.run.setup is not None:
            self.run.setup.vault.wipe()
        journals, draft = self.journals, self.draft.anew()
        draft.region = self.draft.region
        journals.left_open |= {self.run.left_unfinished} - {""}
        return Session(self.connection.unread(), journals, self.directory, self.clock, draft)

    def resume(self, resumable: ResumableRun) -> None:
        """Use a run of an earlier process as the run of this session, to resume or undo it.

        The session must not have a run yet.
        """
        same_process = self.journals.store.wrote(resumable.stored.id)
        self.run = RunState.resumed(resumable, self.clock.now(), same_process=same_process)
        self.draft.region = resumable.setup.account.region
        self.journals.left_open -= {resumable.stored.id}

    @property
    def may_visit(self) -> bool:
        """Whether the operator may validate any user: the account is known, and no run is active."""
        return self.connection.cloud is not None and self.connection.caller is not None and not self.run.running

    def may_move(self, current: Phase, origin: Phase, to: Phase, user_validation: UserValidation | None = None) -> bool:
        """Return whether the App may go from the phase ``origin`` to the phase ``to``.

        ``current`` is the phase on the screen. If ``origin`` differs from it, a key was pressed twice, and the answer
        is False. After the first write the form cannot be reached. The start can always be reached, unless a run is
        active.

        With ``user_validation``, the question is whether the App may show this validation of a user that no run of this
        session created.
        """
        if origin is not current:
            return False
        if user_validation is not None:
            return to is Phase.VALIDATION and self.may_visit
        run = self.run
        allowed = {
            Phase.START: not run.running,
            Phase.ASSESSMENT: not run.began,
            Phase.SUMMARY: run.setup is not None and not run.began,
            Phase.CONFIGURATION: run.engine is not None,
            Phase.VALIDATION: run.done and (current is not to or self.user_validation is not None),
        }
        return allowed[to]


def new_session(connect: Callable[[], Cloud], *, demo: bool, directory: Path, journals: Path, clock: Clock) -> Session:
    """Return the session of a new App, which is not connected. Journals are written below ``journals``."""
    return Session(Connection(connect, demo), Journals(journals, clock), directory, clock)

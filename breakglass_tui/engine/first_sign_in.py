"""The first sign-in: the lasting password is sealed, the operator gives it to AWS, and AWS is asked until it has it.

At every instant the password that AWS holds is in an envelope of the run, or with the operator who stored it.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import FirstSignInDone
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.plan import PermanentPassword
from breakglass_tui.engine.run import OpenJournal
from breakglass_tui.engine.run_log import RunLog
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.secrets.envelope_files import intact
from breakglass_tui.secrets.secret import Secret

READ_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class StoragePending:
    """Nothing seals the lasting password: it waits until the operator has stored it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordChecked:
    """AWS was asked whether the temporary password is still to be changed; ``problem`` says why it did not answer."""

    at: datetime
    pending: bool = True
    problem: Problem | None = None


News = e.Event | StoragePending | PasswordChecked
Emit = Callable[[News], None]


class FirstSignIn:
    """One attempt of one process. ``carry_out`` is called once, in any thread; the other methods may come from others.

    ``earlier`` is the run that made the user, as its journal tells it.
    """

    def __init__(
        self, password: PermanentPassword, earlier: RunRecord, *, open_journal: OpenJournal, clock: Clock | None = None
    ) -> None:
        self._password = password
        self._open_journal = open_journal
        self._clock = clock or SystemClock()
        self._run_log = RunLog(copy.deepcopy(earlier))
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._stored = False

    @property
    def temporary(self) -> Secret | None:
        """What opens the door the first time, if this process knows it."""
        return self._password.temporary

    @property
    def permanent(self) -> Secret | None:
        """The permanent password, if this process knows it.

        Show it only after ``PermanentPasswordSealed`` or ``StoragePending``.
        """
        return self._password.permanent

    def check_now(self) -> None:
        """Ask AWS now, not in some seconds."""
        self._wake.set()

    def confirm_stored(self) -> None:
        """The operator has stored the password that nothing seals."""
        self._stored = True
        self._wake.set()

    def stop(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._stop.set()
        self._wake.set()

    def run(self, emit: Emit) -> None:
        """Work until AWS holds the lasting password and the envelopes of the temporary one are gone, or it is left.

        Blocks. Raises ``Problem``, after which it can be done again from where it stands.
        """
        try:
            with self._open_journal() as journal:
                self._run_log.persist_with(journal.write)
                context = self._context(e.CallSource.STEP, emit, self._run_log)
                self._seal_permanent(context, emit)
                while self._read_password_state(emit):
                    self._pause(READ_EVERY_S)
                self._confirm(context, emit)
        except Stopped:
            return

    def _seal_permanent(self, context: StepContext, emit: Emit) -> None:
        """Have the lasting password sealed or stored. One that was sealed is not replaced: AWS may hold it by now."""
        permanent = self._run_log.record.permanent
        lost = [each for each in permanent or () if not intact(each)]
        if permanent is not None and not lost:
            return
        if not self._password.pending(self._context(e.CallSource.CHECK, emit)):
            raise _lost(lost[0].path) if lost else _changed_already()
        self._raise_if_stopped()
        envelopes = self._password.make(context)
        if not envelopes:
            emit(StoragePending(self._clock.now()))
            while not self._stored:
                self._pause(None)
        self._append_before(e.PermanentPasswordSealed(self._clock.now(), self._password.id, envelopes), emit)

    def _read_password_state(self, emit: Emit) -> bool:
        """Whether the temporary password is still to be changed; what cannot be read does not end it."""
        pending, problem = True, None
        try:
            pending = self._password.pending(self._context(e.CallSource.CHECK, emit))
        except Problem as found:
            problem = found
        emit(PasswordChecked(self._clock.now(), pending, problem))
        return pending

    def _confirm(self, context: StepContext, emit: Emit) -> None:
        lost = [each for each in self._run_log.record.permanent or () if not intact(each)]
        if lost:
            raise _lost(lost[0].path)
        self._append_before(FirstSignInDone(self._clock.now(), self._password.id), emit)
        self._password.retire(context)

    def _append_before(self, event: e.Event, emit: Emit) -> None:
        self._run_log.append_before(event)
        emit(event)

    def _context(self, source: e.CallSource, emit: Emit, run_log: RunLog | None = None) -> StepContext:
        """Looks are not recorded: there may be hundreds of them; what comes of them is."""
        return StepContext(
            source=source,
            id=self._password.id,
            publish=emit,
            clock=self._clock,
            stop=self._stop,
            run_log=run_log or RunLog(copy.deepcopy(self._run_log.record)),
        )

    def _pause(self, seconds: float | None) -> None:
        """Wait, for ever without a time, until somebody nudges; raises ``Stopped`` when it is left."""
        self._raise_if_stopped()
        self._wake.wait(seconds)
        self._wake.clear()
        self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stop.is_set():
            raise Stopped


def awaits_first_sign_in(record: RunRecord) -> bool:
    """Whether a run is done, gave its user a temporary password, and nobody here saw it changed."""
    header, step = record.header, record.steps.get("login-profile")
    asked = header is not None and bool(header.request.get("password_reset_required"))
    done = record.status is e.RunStatus.DONE and step is not None and step.is_done
    return asked and done and record.signed_in_at is None


def first_sign_in(
    cloud: Cloud, setup: Setup, stored: StoredRun, store: RunStore, clock: Clock | None = None
) -> FirstSignIn:
    """The first sign-in of the user that ``stored`` made by ``setup``. Raises ``Problem``."""
    if stored.problem is not None:
        raise stored.problem
    header, length = stored.record.header, stored.length
    assert header is not None
    password = cloud.permanent_password(setup)
    return FirstSignIn(password, stored.record, open_journal=lambda: store.open_journal(header, length), clock=clock)


def _changed_already() -> Problem:
    return Problem(
        "The temporary password of this user has been changed already.",
        why="AWS no longer asks for another one, and no lasting password was sealed here before.",
        next="Whoever signed in must say so; else have a new password set, seal it, and validate again.",
        kind=Kind.REFUSED,
        code="ChangedAlready",
    )


def _lost(path: str) -> Problem:
    return Problem(
        f"The envelope {show(path, 4096)} is not there as it was written.",
        why="AWS holds the lasting password by now, and the only copy of it is sealed in that file.",
        next="Bring it back from a copy and try again; else have a new password set, and seal it.",
        kind=Kind.LOCAL,
        code="EnvelopeLost",
    )

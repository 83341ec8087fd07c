"""The first sign-in: seal the permanent password, let the operator set it in AWS, and wait until AWS confirms it.

At all times, the password that AWS accepts is in an envelope of the run, or the operator has stored it.
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
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.secrets.envelope_files import intact
from breakglass_tui.secrets.secret import Secret

READ_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class StoragePending:
    """The first sign-in waits until the operator has stored the permanent password, because no seal protects it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordChecked:
    """The result of a read of AWS. ``pending`` means that AWS still requires a change of the temporary password.

    If the read failed, ``problem`` is the reason, and ``pending`` is true.
    """

    at: datetime
    pending: bool = True
    problem: Problem | None = None


SignInEvent = e.Event | StoragePending | PasswordChecked
Emit = Callable[[SignInEvent], None]


class FirstSignIn:
    """The first sign-in of one user in one process. Call ``run`` once. Call any method from any thread.

    ``earlier`` is the record of the run that created the user, read from its journal.
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
        """The temporary password, or None if this process does not have it."""
        return self._password.temporary

    @property
    def permanent(self) -> Secret | None:
        """The permanent password, or None if this process does not have it.

        Show it only after ``PermanentPasswordSealed`` or ``StoragePending``.
        """
        return self._password.permanent

    def check_now(self) -> None:
        """Read AWS now, without waiting for the next interval."""
        self._wake.set()

    def confirm_stored(self) -> None:
        """Confirm that the operator has stored the permanent password, which no seal protects."""
        self._stored = True
        self._wake.set()

    def stop(self) -> None:
        """Let the call in flight finish, start nothing more, and end ``run``."""
        self._stop.set()
        self._wake.set()

    def run(self, emit: Emit) -> None:
        """Run until AWS has the permanent password, or until ``stop``. Blocks, and raises ``Problem``.

        At the end, the envelopes of the temporary password are removed. After a stop or a problem, a new
        ``FirstSignIn`` continues where this one ended.
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
        """Seal the permanent password, or wait until the operator has stored it.

        A sealed password is not replaced while its envelopes are intact, because AWS may already have it.
        """
        permanent = self._run_log.record.permanent
        lost = [each for each in permanent or () if not intact(each)]
        if permanent is not None and not lost:
            return
        if not self._password.change_pending(self._context(e.CallSource.CHECK, emit)):
            raise _envelope_changed(lost[0].path) if lost else _already_changed()
        self._raise_if_stopped()
        envelopes = self._password.create(context)
        if not envelopes:
            emit(StoragePending(self._clock.now()))
            while not self._stored:
                self._pause(None)
        self._append_before(e.PermanentPasswordSealed(self._clock.now(), self._password.id, envelopes), emit)

    def _read_password_state(self, emit: Emit) -> bool:
        """Return whether AWS still requires a change of the temporary password. Return True if AWS cannot be read."""
        pending, problem = True, None
        try:
            pending = self._password.change_pending(self._context(e.CallSource.CHECK, emit))
        except Problem as found:
            problem = found
        emit(PasswordChecked(self._clock.now(), pending, problem))
        return pending

    def _confirm(self, context: StepContext, emit: Emit) -> None:
        lost = [each for each in self._run_log.record.permanent or () if not intact(each)]
        if lost:
            raise _envelope_changed(lost[0].path)
        self._append_before(FirstSignInDone(self._clock.now(), self._password.id), emit)
        self._password.remove_temporary_envelopes(context)

    def _append_before(self, event: e.Event, emit: Emit) -> None:
        self._run_log.append_before(event)
        emit(event)

    def _context(self, source: e.CallSource, emit: Emit, run_log: RunLog | None = None) -> StepContext:
        """Return a context for calls to AWS. Without ``run_log``, the journal does not record these calls.

        Reads are left out because there can be hundreds of them. Each result is emitted as ``PasswordChecked``.
        """
        return StepContext(
            source=source,
            id=self._password.id,
            publish=emit,
            clock=self._clock,
            stop=self._stop,
            run_log=run_log or RunLog(copy.deepcopy(self._run_log.record)),
        )

    def _pause(self, seconds: float | None) -> None:
        """Wait until another method wakes this thread, or for at most ``seconds`` if given.

        Raises ``Stopped`` after ``stop``.
        """
        self._raise_if_stopped()
        self._wake.wait(seconds)
        self._wake.clear()
        self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stop.is_set():
            raise Stopped


def awaits_first_sign_in(record: RunRecord) -> bool:
    """Return whether the run set a temporary password and is done, and records no change of that password since."""
    header, step = record.header, record.steps.get("login-profile")
    asked = header is not None and bool(header.request.get("password_reset_required"))
    done = record.status is e.RunStatus.DONE and step is not None and step.is_done
    return asked and done and record.signed_in_at is None


def first_sign_in(
    cloud: Cloud, setup: Setup, stored: StoredRun, store: RunStore, clock: Clock | None = None
) -> FirstSignIn:
    """Return the first sign-in of the user that the run ``stored`` created. Raises ``Problem``."""
    if stored.problem is not None:
        raise stored.problem
    header, length = stored.record.header, stored.length
    assert header is not None
    password = cloud.permanent_password(setup)
    return FirstSignIn(password, stored.record, open_journal=lambda: store.open_journal(header, length), clock=clock)


def _already_changed() -> Problem:
    return Problem(
        "The temporary password of this user was already changed.",
        why="AWS no longer requires a change, and this machine has not sealed a permanent password.",
        next="Ask the person who signed in as this user. If the password is lost, set a new temporary password in IAM "
        "and start the first sign-in again.",
        kind=Kind.REFUSED,
        code="ChangedAlready",
    )


def _envelope_changed(path: str) -> Problem:
    return Problem(
        f"The envelope {show(path, 4096)} is missing or was changed.",
        why="AWS already has the permanent password, and its only copy is in that file.",
        next="Restore the file from a copy and try again. Without a copy, set a new temporary password in IAM "
        "and start the first sign-in again.",
        kind=Kind.LOCAL,
        code="EnvelopeLost",
    )

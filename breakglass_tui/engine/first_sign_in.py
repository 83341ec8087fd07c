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
from breakglass_tui.domain.remembered import FirstSignedIn
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.ledger import Ledger
from breakglass_tui.engine.plan import LastingPassword
from breakglass_tui.engine.run import Opening
from breakglass_tui.engine.store import PastRun, RunStore
from breakglass_tui.engine.turn import Stopped, Turn
from breakglass_tui.secrets.envelopes import intact
from breakglass_tui.secrets.secret import Secret

LOOK_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Storing:
    """Nothing seals the lasting password: it waits until the operator has stored it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """AWS was asked whether the temporary password is still to be changed; ``problem`` says why it did not answer."""

    at: datetime
    pending: bool = True
    problem: Problem | None = None


News = e.Event | Storing | Looked
Tell = Callable[[News], None]


class FirstSignIn:
    """One attempt of one process. ``carry_out`` is called once, in any thread; the other methods may come from others.

    ``past`` is the run that made the user, as its journal tells it.
    """

    def __init__(
        self, password: LastingPassword, past: RunRecord, *, opening: Opening, clock: Clock | None = None
    ) -> None:
        self._password = password
        self._opening = opening
        self._clock = clock or SystemClock()
        self._ledger = Ledger(copy.deepcopy(past))
        self._left = threading.Event()
        self._nudged = threading.Event()
        self._stored = False

    @property
    def temporary(self) -> Secret | None:
        """What opens the door the first time, if this process knows it."""
        return self._password.temporary

    @property
    def lasting(self) -> Secret | None:
        """What AWS shall get, if this process knows it; not to be shown before ``LastingSealed`` or ``Storing``."""
        return self._password.lasting

    def look(self) -> None:
        """Ask AWS now, not in some seconds."""
        self._nudged.set()

    def stored(self) -> None:
        """The operator has stored the password that nothing seals."""
        self._stored = True
        self._nudged.set()

    def leave(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._left.set()
        self._nudged.set()

    def carry_out(self, tell: Tell) -> None:
        """Work until AWS holds the lasting password and the envelopes of the temporary one are gone, or it is left.

        Blocks. Raises ``Problem``, after which it can be done again from where it stands.
        """
        try:
            with self._opening() as journal:
                self._ledger.keep_with(journal.write)
                turn = self._turn(e.Source.STEP, tell, self._ledger)
                self._keep(turn, tell)
                while self._look(tell):
                    self._pause(LOOK_EVERY_S)
                self._confirm(turn, tell)
        except Stopped:
            return

    def _keep(self, turn: Turn, tell: Tell) -> None:
        """Have the lasting password sealed or stored. One that was sealed is not replaced: AWS may hold it by now."""
        lasting = self._ledger.record.lasting
        lost = [each for each in lasting or () if not intact(each)]
        if lasting is not None and not lost:
            return
        if not self._password.pending(self._turn(e.Source.CHECK, tell)):
            raise _lost(lost[0].path) if lost else _changed_already()
        self._go_on()
        envelopes = self._password.make(turn)
        if not envelopes:
            tell(Storing(self._clock.now()))
            while not self._stored:
                self._pause(None)
        self._announce(e.LastingSealed(self._clock.now(), self._password.id, envelopes), tell)

    def _look(self, tell: Tell) -> bool:
        """Whether the temporary password is still to be changed; what cannot be read does not end it."""
        pending, problem = True, None
        try:
            pending = self._password.pending(self._turn(e.Source.CHECK, tell))
        except Problem as found:
            problem = found
        tell(Looked(self._clock.now(), pending, problem))
        return pending

    def _confirm(self, turn: Turn, tell: Tell) -> None:
        lost = [each for each in self._ledger.record.lasting or () if not intact(each)]
        if lost:
            raise _lost(lost[0].path)
        self._announce(FirstSignedIn(self._clock.now(), self._password.id), tell)
        self._password.retire(turn)

    def _announce(self, event: e.Event, tell: Tell) -> None:
        self._ledger.announce(event)
        tell(event)

    def _turn(self, source: e.Source, tell: Tell, ledger: Ledger | None = None) -> Turn:
        """Looks are not recorded: there may be hundreds of them; what comes of them is."""
        return Turn(
            source=source,
            id=self._password.id,
            publish=tell,
            clock=self._clock,
            stop=self._left,
            ledger=ledger or Ledger(copy.deepcopy(self._ledger.record)),
        )

    def _pause(self, seconds: float | None) -> None:
        """Wait, for ever without a time, until somebody nudges; raises ``Stopped`` when it is left."""
        self._go_on()
        self._nudged.wait(seconds)
        self._nudged.clear()
        self._go_on()

    def _go_on(self) -> None:
        if self._left.is_set():
            raise Stopped


def awaits_first_sign_in(record: RunRecord) -> bool:
    """Whether a run is done, gave its user a temporary password, and nobody here saw it changed."""
    header, step = record.header, record.steps.get("login-profile")
    asked = header is not None and bool(header.request.get("password_reset_required"))
    done = record.status is e.RunStatus.DONE and step is not None and step.made
    return asked and done and record.signed_in_at is None


def first_sign_in(
    cloud: Cloud, setup: Setup, past: PastRun, store: RunStore, clock: Clock | None = None
) -> FirstSignIn:
    """The first sign-in of the user that ``past`` made by ``setup``. Raises ``Problem``."""
    if past.problem is not None:
        raise past.problem
    header, length = past.record.header, past.length
    assert header is not None
    password = cloud.lasting_password(setup)
    return FirstSignIn(password, past.record, opening=lambda: store.writing(header, length), clock=clock)


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

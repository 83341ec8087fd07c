"""OperatorsTurn: asks the operator what the running steps need, one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from breakglass_tui.domain.events import Asked, StepStatus
from breakglass_tui.domain.questions import Answer, MfaCodes, SignIn, StoreSecret
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui.configuration.mfa_panel import MfaPanel
from breakglass_tui.ui.configuration.secret_panel import SecretPanel
from breakglass_tui.ui.configuration.sign_in_panel import SignInPanel


class OperatorsTurn(Vertical):
    """A container that shows the panel for one open question of the run. It posts each answer once.

    A question stays until it is answered or the operator selects another step that asks. After MFA codes, no other
    question appears until AWS has accepted or refused them, because refused codes are asked for again.
    """

    @dataclass
    class Answered(Message):
        """The operator has answered the question with this number."""

        number: int
        answer: Answer

    def __init__(self, clock: Clock, id: str) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._asked: Asked | None = None
        self._answered: set[int] = set()
        self._selected = self._enrolling = ""

    def compose(self) -> ComposeResult:
        """Compose one panel for each kind of question. At most one of them is visible."""
        yield SecretPanel("secret-panel")
        yield MfaPanel(self._clock, "mfa-panel")
        yield SignInPanel("sign-in-panel")

    @property
    def codes_wanted(self) -> bool:
        """Whether the current question asks for two MFA codes."""
        return self._asked is not None and isinstance(self._asked.question, MfaCodes)

    @property
    def storing_wanted(self) -> bool:
        """Whether the current question asks the operator to store a secret."""
        return self._asked is not None and isinstance(self._asked.question, StoreSecret)

    @property
    def sign_in_wanted(self) -> bool:
        """Whether the current question asks the operator to sign in to AWS, because the credentials have expired."""
        return self._asked is not None and isinstance(self._asked.question, SignIn)

    @property
    def step(self) -> str:
        """The id of the step that asks the current question, or an empty string if there is none."""
        return self._asked.step if self._asked is not None else ""

    def select(self, step: str) -> None:
        """Show the question of ``step`` at the next ``show``, if the step asks one."""
        self._selected = step

    def show(self, record: RunRecord, *, cursor: str, over: bool) -> bool:
        """Show an open question of ``record``, or none if the run is ``over``. Return whether that changed something.

        If no question is shown yet, that of the step ``cursor`` comes first, then the oldest.
        """
        waiting = [] if over else [record.questions[number] for number in sorted(record.questions)]
        asked = self._choose([each for each in waiting if each.number not in self._answered], record, cursor)
        if asked is self._asked:
            return False
        self._asked = asked
        self._close()
        if asked is not None:
            self._enrolling = ""
            self._panel().ask(asked)
        return True

    def _choose(self, waiting: Sequence[Asked], record: RunRecord, cursor: str) -> Asked | None:
        """Return the question to show, or None. ``waiting`` has the open questions, the oldest first."""
        selected, self._selected = self._selected, ""
        wanted = _asked_by(selected, waiting)
        if wanted is not None:
            return wanted
        if self._asked in waiting:
            return self._asked
        if self._enrolling and record.steps[self._enrolling].status in (StepStatus.RUNNING, StepStatus.WAITING):
            # The enrolment itself may wait for new credentials that another step asks for.
            sign_in = next((each for each in waiting if isinstance(each.question, SignIn)), None)
            return _asked_by(self._enrolling, waiting) or sign_in
        return _asked_by(cursor, waiting) or next(iter(waiting), None)

    def _panel(self) -> MfaPanel | SecretPanel | SignInPanel:
        if self.sign_in_wanted:
            return self.query_one(SignInPanel)
        return self.query_one(MfaPanel) if self.codes_wanted else self.query_one(SecretPanel)

    def reveal(self) -> None:
        """Show or hide the secret to store, or the QR code."""
        if self.codes_wanted:
            self.query_one(MfaPanel).toggle_code()
        else:
            self.query_one(SecretPanel).reveal()

    def copy(self) -> None:
        """Copy the secret of the question to the terminal's clipboard."""
        if self.codes_wanted:
            self.query_one(MfaPanel).copy()
        else:
            self.query_one(SecretPanel).copy()

    def stored(self) -> None:
        """Confirm that the operator has stored the secret. The operator must do this twice."""
        self.query_one(SecretPanel).stored()

    def try_again(self) -> None:
        """Answer that the operator has signed in to AWS again."""
        self.query_one(SignInPanel).try_again()

    def toggle_seed(self) -> None:
        """Show or hide the MFA seed as text."""
        self.query_one(MfaPanel).toggle_seed()

    @on(MfaPanel.Typed)
    def _typed(self, message: MfaPanel.Typed) -> None:
        self._enrolling = self.step
        self._answer(message.number, message.codes)

    @on(SecretPanel.Stored)
    def _stored(self, message: SecretPanel.Stored) -> None:
        self._answer(message.number, answer=True)

    @on(SignInPanel.SignedIn)
    def _signed_in(self, message: SignInPanel.SignedIn) -> None:
        self._answer(message.number, answer=True)

    def _answer(self, number: int, answer: Answer) -> None:
        if number not in self._answered:
            self._answered.add(number)
            self._close()
            self.post_message(self.Answered(number, answer))

    def _close(self) -> None:
        self.query_one(MfaPanel).close()
        self.query_one(SecretPanel).close()
        self.query_one(SignInPanel).close()


def _asked_by(step: str, waiting: Sequence[Asked]) -> Asked | None:
    """Return the oldest question of ``step`` in ``waiting``, or None."""
    return next((each for each in waiting if each.step == step), None)

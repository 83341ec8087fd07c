"""Asks the questions of running steps on the terminal, while other steps continue."""

from __future__ import annotations

import io
import threading
from typing import Literal, Protocol

import segno

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import Answer, MfaCodes, SignIn
from breakglass_tui.domain.rules import mfa_code
from breakglass_tui.domain.text import show
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.plain.terminal import InputEnded, PromptWithdrawn, Terminal


class AnswerableRun(Protocol):
    """The methods of a run that ``OperatorPrompts`` needs."""

    def answer(self, number: int, answer: Answer) -> bool:
        """Give the answer to the question ``number``. Return False if the question is no longer open."""
        ...

    def stop(self, after: Literal["undo", "keep"]) -> None:
        """Stop the run, and then undo it or keep its resources."""
        ...


class OperatorPrompts:
    """Asks the questions of a run on the terminal, one at a time.

    If a question cannot be answered, the run is stopped and keeps its resources.
    """

    def __init__(self, terminal: Terminal, run: AnswerableRun) -> None:
        self._terminal = terminal
        self._run = run
        self._one_at_a_time = threading.Lock()
        self._over = threading.Event()

    def handle(self, event: e.Event) -> None:
        """Ask the question in ``event``, if it has one. If the run rolls back or ends, withdraw all open questions."""
        if isinstance(event, e.Asked):
            self.ask(event)
        elif isinstance(event, (e.UndoStarted, e.RunFinished)):
            self.withdraw()

    def ask(self, asked: e.Asked) -> None:
        """Ask the question in a separate thread, which passes the answer to the run."""
        threading.Thread(target=self._ask, args=(asked, self._over), name="breakglass-operator", daemon=True).start()

    def withdraw(self) -> None:
        """Withdraw all questions that were asked so far."""
        over, self._over = self._over, threading.Event()
        over.set()
        self._terminal.end_question()

    def _ask(self, asked: e.Asked, over: threading.Event) -> None:
        try:
            with self._one_at_a_time:
                if over.is_set():
                    return
                answer = self._answer_undisturbed(asked, over)
        except InputEnded:
            self._stop_run("The input has ended. The run stops.")
        except PromptWithdrawn:
            return
        except Exception as error:  # noqa: BLE001 - without an answer the run would wait for ever
            self._stop_run(str(as_problem(error)))
        else:
            self._run.answer(asked.number, answer)

    def _answer_undisturbed(self, asked: e.Asked, over: threading.Event) -> Answer:
        self._terminal.begin_question()
        try:
            return self._answer(asked, over)
        finally:
            self._terminal.end_question()

    def _answer(self, asked: e.Asked, over: threading.Event) -> Answer:
        match asked.question:
            case MfaCodes() as question:
                return self._codes(question, over)
            case SignIn() as question:
                return self._signed_in(question, over)
            case _:
                raise Problem(
                    f"The step {asked.step} needs a screen to show a secret. The run stops.",
                    why="The request has no seal, and lines of text would stay in the scrollback.",
                    next="Resume in the full-screen app, or start again with a seal.",
                    kind=Kind.LOCAL,
                )

    def _stop_run(self, why: str) -> None:
        self._terminal.write(why)
        self._run.stop("keep")

    def _signed_in(self, question: SignIn, over: threading.Event) -> bool:
        write = self._terminal.write
        expired = f"The credentials for account {show(question.account_id)} no longer work: {show(question.why)}"
        if not self._terminal.attached():
            raise Problem(
                expired,
                why="There is no terminal to wait for new ones. The run stops.",
                next="Sign in again to the same account, and resume.",
                kind=Kind.LOCAL,
            )
        if question.refused:
            write(f"The credentials still do not work: {show(question.refused)}")
        else:
            write(expired)
            write("Sign in again to the same account, in another terminal. The run waits.")
        write("Then press Enter here. Ctrl+C stops the run and keeps its resources.")
        self._terminal.read_line(over)
        return True

    def _codes(self, question: MfaCodes, over: threading.Event) -> tuple[str, str]:
        write = self._terminal.write
        if question.refused:
            write(f"AWS refused the codes: {show(question.refused)}")
        else:
            self._introduce(question)
        while True:
            write("First code (six digits and Enter, or the word seed to show the seed):")
            first = self._code(question, over)
            write("Second code, the next one that the app shows:")
            second = self._code(question, over)
            if first != second:
                return first, second
            write("The two codes must differ. Wait until the app shows the next one.")

    def _introduce(self, question: MfaCodes) -> None:
        write, device = self._terminal.write, show(question.device)
        if self._terminal.aloud:
            write(f"Add this device to the authenticator app: {device}")
            write("Type seed to show the seed, or qr to show a QR code. Both stay in the scrollback.")
        else:
            write(qr_text(question.uri.reveal()))
            write(f"Scan this QR code with the authenticator app: {device}")

    def _code(self, question: MfaCodes, over: threading.Event) -> str:
        while True:
            typed = self._terminal.read_line(over)
            if typed.casefold() == "seed":
                self._terminal.write(f"Seed: {question.seed.reveal()}")
                continue
            if typed.casefold() == "qr":
                self._terminal.write(qr_text(question.uri.reveal()))
                continue
            try:
                return mfa_code(typed.replace(" ", ""))
            except ValueError as error:
                self._terminal.write(f"Invalid: {error}. Type the code again:")


def qr_text(uri: str) -> str:
    """Return a QR code as lines of half-block characters, with its quiet zone."""
    out = io.StringIO()
    segno.make_qr(uri).terminal(out, compact=True)
    return out.getvalue()

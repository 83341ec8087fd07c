"""Operator: answers what running steps ask, by way of a terminal, while the other steps go on."""

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


class PromptThread(Protocol):
    """The run, as far as a question goes."""

    def answer(self, number: int, answer: Answer) -> bool:
        """Give the answer."""
        ...

    def stop(self, after: Literal["undo", "keep"]) -> None:
        """Give up."""
        ...


class OperatorPrompts:
    """Asks one question at a time; when no answer can be had, the run stops and keeps what it made."""

    def __init__(self, terminal: Terminal, run: PromptThread) -> None:
        self._terminal = terminal
        self._run = run
        self._one_at_a_time = threading.Lock()
        self._over = threading.Event()

    def follow(self, event: e.Event) -> None:
        """Ask what the run asks; call off what is open when the run turns back or ends."""
        if isinstance(event, e.Asked):
            self.ask(event)
        elif isinstance(event, (e.UndoStarted, e.RunFinished)):
            self.call_off()

    def ask(self, asked: e.Asked) -> None:
        """Put the question in a thread of its own; the answer goes straight to the run."""
        threading.Thread(target=self._ask, args=(asked, self._over), name="breakglass-operator", daemon=True).start()

    def call_off(self) -> None:
        """Nobody waits any more for what has been asked so far."""
        over, self._over = self._over, threading.Event()
        over.set()
        self._terminal.release()

    def _ask(self, asked: e.Asked, over: threading.Event) -> None:
        try:
            with self._one_at_a_time:
                if over.is_set():
                    return
                answer = self._held(asked, over)
        except InputEnded:
            self._give_up("The input has ended: stopping.")
        except PromptWithdrawn:
            return
        except Exception as error:  # noqa: BLE001 - without an answer the run would wait for ever
            self._give_up(str(as_problem(error)))
        else:
            self._run.answer(asked.number, answer)

    def _held(self, asked: e.Asked, over: threading.Event) -> Answer:
        self._terminal.hold()
        try:
            return self._answer(asked, over)
        finally:
            self._terminal.release()

    def _answer(self, asked: e.Asked, over: threading.Event) -> Answer:
        match asked.question:
            case MfaCodes() as question:
                return self._codes(question, over)
            case SignIn() as question:
                return self._signed_in(question, over)
            case _:
                raise Problem(
                    f"{asked.step} would show a secret, and lines of text stay where they were written: stopping.",
                    why="Nothing of the request seals it.",
                    next="Go on in the full-screen app, or begin anew with a seal.",
                    kind=Kind.LOCAL,
                )

    def _give_up(self, why: str) -> None:
        self._terminal.write(why)
        self._run.stop("keep")

    def _signed_in(self, question: SignIn, over: threading.Event) -> bool:
        write = self._terminal.write
        spent = f"The credentials for account {show(question.account_id)} cannot be used any more: {show(question.why)}"
        if not self._terminal.attached():
            raise Problem(
                spent,
                why="There is no terminal to wait on for new ones: stopping.",
                next="Sign in again, to the same account, and resume.",
                kind=Kind.LOCAL,
            )
        if question.refused:
            write(f"Still not: {show(question.refused)}")
        else:
            write(spent)
            write("Sign in again in another terminal, to the same account. Nothing is lost meanwhile.")
        write("Press Enter here when you have; Ctrl+C stops the run and keeps what it made.")
        self._terminal.line(over)
        return True

    def _codes(self, question: MfaCodes, over: threading.Event) -> tuple[str, str]:
        write = self._terminal.write
        if question.refused:
            write(f"Not accepted: {show(question.refused)}")
        else:
            self._introduce(question)
        while True:
            write("First code (six digits, then Enter; or the word seed to see the seed as text):")
            first = self._code(question, over)
            write("Second code, the one that comes after it:")
            second = self._code(question, over)
            if first != second:
                return first, second
            write("Two different codes are needed: wait until the app shows the next one.")

    def _introduce(self, question: MfaCodes) -> None:
        write, device = self._terminal.write, show(question.device)
        if self._terminal.aloud:
            write(f"Add this device to the authenticator app: {device}")
            write("Type seed for its seed as text, or qr for a picture to scan; both stay in the scrollback.")
        else:
            write(qr_text(question.uri.reveal()))
            write(f"Scan this with the authenticator app: {device}")

    def _code(self, question: MfaCodes, over: threading.Event) -> str:
        while True:
            typed = self._terminal.line(over)
            if typed.casefold() == "seed":
                self._terminal.write(f"Seed: {question.seed.reveal()}")
                continue
            if typed.casefold() == "qr":
                self._terminal.write(qr_text(question.uri.reveal()))
                continue
            try:
                return mfa_code(typed.replace(" ", ""))
            except ValueError as error:
                self._terminal.write(f"{error}; type it again:")


def qr_text(uri: str) -> str:
    """A QR code in half blocks, with its quiet zone."""
    out = io.StringIO()
    segno.make_qr(uri).terminal(out, compact=True)
    return out.getvalue()

"""Operator: answers what running steps ask, by way of a terminal, while the other steps go on."""

from __future__ import annotations

import io
import threading
from typing import Literal, Protocol

import segno

from breakglass_tui.domain import events as e
from breakglass_tui.domain.questions import Answer, MfaCodes
from breakglass_tui.domain.rules import mfa_code
from breakglass_tui.domain.text import show
from breakglass_tui.plain.terminal import Terminal, Withdrawn


class Asking(Protocol):
    """The run, as far as a question goes."""

    def answer(self, number: int, answer: Answer) -> bool:
        """Give the answer."""
        ...

    def stop(self, after: Literal["undo", "keep"]) -> None:
        """Give up."""
        ...


class Operator:
    """Asks one question at a time; input that ends, or a question for a screen, stops the run and undoes it."""

    def __init__(self, terminal: Terminal, run: Asking) -> None:
        self._terminal = terminal
        self._run = run

    def ask(self, asked: e.Asked) -> None:
        """Put the question in a thread of its own; the answer goes straight to the run."""
        threading.Thread(target=self._ask, args=(asked,), name="breakglass-operator", daemon=True).start()

    def _ask(self, asked: e.Asked) -> None:
        if not isinstance(asked.question, MfaCodes):
            self._terminal.write(f"{asked.step} would show a secret, which needs the full-screen app: stopping.")
            self._run.stop("undo")
            return
        try:
            self._run.answer(asked.number, self._codes(asked.question))
        except (Withdrawn, OSError):
            self._run.stop("undo")

    def _codes(self, question: MfaCodes) -> tuple[str, str]:
        write = self._terminal.write
        if question.refused:
            write(f"Not accepted: {show(question.refused)}")
        else:
            write(qr_text(question.uri.reveal()))
            write(f"Scan this with the authenticator app: {show(question.device)}")
        while True:
            write("First code (six digits, then Enter; or the word seed to see the seed as text):")
            first = self._code(question)
            write("Second code, the one that comes after it:")
            second = self._code(question)
            if first != second:
                return first, second
            write("Two different codes are needed: wait until the app shows the next one.")

    def _code(self, question: MfaCodes) -> str:
        while True:
            typed = self._terminal.line()
            if typed.casefold() == "seed":
                self._terminal.write(f"Seed: {question.seed.reveal()}")
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

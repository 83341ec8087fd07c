"""Question: one field of the request, as it is asked for on a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from breakglass_tui.plain.choices import NumberedChoice
from breakglass_tui.plain.terminal import Terminal

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account
    from breakglass_tui.secrets.secret import Secret

NOTHING = "-"
"""Typed where an answer is to be empty again."""
YES, NO = ("y", "yes"), ("n", "no")


@dataclass
class InterviewState:
    """What the questions are asked over: who sits there, the account, and what has been answered so far.

    ``answers`` holds request data by field; ``generated_name`` is what a blank user name stands for.
    """

    terminal: Terminal
    account: Account
    generated_name: str
    answers: dict[str, Any] = field(default_factory=dict)
    passphrase: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """``read`` makes a value of what was typed, or raises ``ValueError`` with the reason.

    ``default`` is the value that stands until another is given, and ``-`` gives ``empty``. With ``looked_up`` the
    account itself may contradict the answer. A question that is not ``asked`` has no part in the request.
    """

    field: str
    title: str
    about: str
    read: Callable[[str, InterviewState], Any]
    default: Any = ""
    empty: Any = ""
    say: Callable[[Any, InterviewState], str] = lambda value, _: str(value)
    choices: Callable[[InterviewState], Sequence[NumberedChoice]] = lambda _: ()
    unread: Callable[[InterviewState], str] = lambda _: ""
    asked: Callable[[InterviewState], bool] = lambda _: True
    looked_up: bool = False

    def value(self, state: InterviewState) -> Any:
        """What stands for it now."""
        return state.answers.get(self.field, self.default)

    def answer(self, typed: str, state: InterviewState) -> Any:
        """What is meant by ``typed``; raises ``ValueError`` with the reason why it cannot be used."""
        if not typed:
            return self.value(state)
        return self.empty if typed == NOTHING else self.read(typed, state)


def applicable(questions: Sequence[FormQuestion], state: InterviewState) -> tuple[FormQuestion, ...]:
    """Those that have a part in the request as it stands."""
    return tuple(question for question in questions if question.asked(state))


def request_data(questions: Sequence[FormQuestion], state: InterviewState) -> Mapping[str, Any]:
    """The answers to ``questions`` as request data."""
    return {question.field: question.value(state) for question in applicable(questions, state)}


def yes_or_no(typed: str, _: InterviewState) -> bool:
    """What was meant by it; raises ``ValueError``."""
    if typed.casefold() not in (*YES, *NO):
        raise ValueError("answer yes or no")
    return typed.casefold() in YES


def said_yes_or_no(value: Any, _: InterviewState) -> str:
    """The word for it."""
    return "yes" if value else "no"

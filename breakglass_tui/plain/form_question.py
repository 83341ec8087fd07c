"""``FormQuestion``, a question of the interview: one field of the request, asked on a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.plain.choices import NumberedChoice
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret

CLEAR = "-"
"""The input that empties an answer."""
YES, NO = ("y", "yes"), ("n", "no")


@dataclass
class InterviewState:
    """The state of one interview: the terminal, the account, and the answers so far.

    ``answers`` maps fields of the request to their values. ``generated_name`` is used if the user name is blank.
    """

    terminal: Terminal
    account: Account
    generated_name: str
    answers: dict[str, Any] = field(default_factory=dict)
    passphrase: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """A question about one field of the request.

    ``parse`` returns the value of the typed text, or raises ``ValueError`` with the reason. ``display`` returns the
    text of a value. ``default`` is the value of a field without an answer. ``empty`` is the value that ``-`` sets.
    ``list_error`` returns why the choices could not be read, or "". A question for which ``applies`` returns False is
    not asked, and its field is left out of the request. With ``uses_account``, the answer is also compared with the
    account.
    """

    field: str
    title: str
    about: str
    parse: Callable[[str, InterviewState], Any]
    default: Any = ""
    empty: Any = ""
    display: Callable[[Any, InterviewState], str] = lambda value, _: str(value)
    choices: Callable[[InterviewState], Sequence[NumberedChoice]] = lambda _: ()
    list_error: Callable[[InterviewState], str] = lambda _: ""
    applies: Callable[[InterviewState], bool] = lambda _: True
    uses_account: bool = False

    def value(self, state: InterviewState) -> Any:
        """Return the current answer, or the default."""
        return state.answers.get(self.field, self.default)

    def answer(self, typed: str, state: InterviewState) -> Any:
        """Return the value of the typed text. Raises ``ValueError`` with the reason if it cannot be used.

        An empty text keeps the current answer.
        """
        if not typed:
            return self.value(state)
        return self.empty if typed == CLEAR else self.parse(typed, state)


def applicable(questions: Sequence[FormQuestion], state: InterviewState) -> tuple[FormQuestion, ...]:
    """Return the questions that apply to the answers so far."""
    return tuple(question for question in questions if question.applies(state))


def request_data(questions: Sequence[FormQuestion], state: InterviewState) -> Mapping[str, Any]:
    """Return the values of the questions that apply, by field of the request."""
    return {question.field: question.value(state) for question in applicable(questions, state)}


def parse_yes_or_no(typed: str, _: InterviewState) -> bool:
    """Return True for yes and False for no. Raises ``ValueError`` for any other text."""
    if typed.casefold() not in (*YES, *NO):
        raise ValueError("answer yes or no")
    return typed.casefold() in YES


def yes_or_no(value: Any, _: InterviewState) -> str:
    """Return "yes" or "no" for a truth value."""
    return "yes" if value else "no"

"""``Interview``, which asks the questions one after the other until the answers are a valid request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.plain.choices import closest_name, numbered_lines
from breakglass_tui.plain.form_question import FormQuestion, InterviewState, applicable, request_data
from breakglass_tui.plain.words import paragraph

BACK, HELP = "<", "?"
INDENT = 5
"""The number of columns by which the second and later lines of a list item are indented."""
INSTRUCTIONS = (
    "Press Enter to accept the answer in brackets. Type ? for help or < for the previous question. Ctrl+C cancels."
)
FIRST_QUESTION = "This is the first question. Press Ctrl+C to cancel: nothing has been written."


class Interview:
    """Asks the questions in their order. An operator who goes back to a question keeps all answers.

    ``reread`` returns the account for another Region.
    """

    def __init__(
        self, questions: Sequence[FormQuestion], state: InterviewState, reread: Callable[[str], Account]
    ) -> None:
        self._questions = tuple(questions)
        self._state = state
        self._reread = reread

    def ask(self, first: str = "") -> SetupRequest:
        """Ask the questions from field ``first`` to the last one, and return the request.

        Raises ``InputEnded`` if the input ends, and ``Problem`` if the account cannot be read for another Region.
        """
        start = first
        while True:
            self._ask_from(start)
            request = parse_request(self._data(self._questions))
            errors = conflicts(request, self._state.account)
            if not errors:
                return request
            start = self.report(errors)

    def report(self, errors: Sequence[FieldError]) -> str:
        """Print the errors, and return the field from which to ask again."""
        for error in errors:
            self._write(f"Invalid: {show(str(error)).removesuffix('.')}.")
        wrong = {error.field.partition(".")[0] for error in errors}
        fields = [question.field for question in applicable(self._questions, self._state)]
        return next((field for field in fields if field in wrong), fields[0])

    @property
    def last_field(self) -> str:
        """The field of the last question that applies."""
        return applicable(self._questions, self._state)[-1].field

    def _ask_from(self, first: str) -> None:
        fields = [question.field for question in self._questions]
        place = fields.index(first) if first else 0
        while place < len(self._questions):
            question = self._questions[place]
            if not question.applies(self._state) or self._answered(question):
                place += 1
            else:
                place = self._previous(place)

    def _previous(self, place: int) -> int:
        """Return the index of the previous question that applies, or ``place`` if there is none."""
        earlier = [number for number in range(place) if self._questions[number].applies(self._state)]
        if not earlier:
            self._write(FIRST_QUESTION)
        return earlier[-1] if earlier else place

    def _answered(self, question: FormQuestion) -> bool:
        """Ask ``question`` until the answer is valid, and return True. Return False if the operator goes back."""
        terminal = self._state.terminal
        while True:
            terminal.write(f"{question.title} [{self._current(question)}]:")
            typed = terminal.read_line()
            if typed == BACK:
                return False
            if typed.startswith(HELP):
                self._explain(question, typed.removeprefix(HELP).strip())
                continue
            error = self._store(question, typed)
            if not error:
                return True
            self._write(f"Invalid: {error}")

    def _current(self, question: FormQuestion) -> str:
        return show(question.display(question.value(self._state), self._state)) or "none"

    def _explain(self, question: FormQuestion, search: str) -> None:
        choices, list_error = question.choices(self._state), question.list_error(self._state)
        self._write(question.about)
        if list_error:
            self._write(f"There is no list to choose from. {show(list_error)}")
        elif choices:
            for line in numbered_lines(choices, search):
                self._write(line, INDENT)
            self._write("Type a number or a name.")
        self._write(INSTRUCTIONS)

    def _store(self, question: FormQuestion, typed: str) -> str:
        """Store the answer and return "". If the answer is invalid, keep the previous one and return the reason."""
        state = self._state
        try:
            value = question.answer(typed, state)
        except ValueError as error:
            return f"{str(error).removesuffix('.')}."
        before = state.answers.get(question.field)
        state.answers[question.field] = value
        error_text = self._error(question)
        if error_text:
            state.answers.pop(question.field)
            if before is not None:
                state.answers[question.field] = before
            near = closest_name(typed, question.choices(state))
            return f"{error_text.removesuffix('.')}.{f' Did you mean {show(near)}?' if near else ''}"
        if question.field == "region" and value != state.account.region:
            state.account = self._reread(value)
        return ""

    def _error(self, question: FormQuestion) -> str:
        """Return why the answer to ``question`` is invalid, or "". It is checked together with the answers before it.

        The rules of the request are checked and, with ``uses_account``, the account.
        """
        place = self._questions.index(question)
        try:
            request = parse_request(self._data(self._questions[: place + 1]))
        except BadRequest as bad:
            return next((e.message for e in bad.errors if e.field.partition(".")[0] == question.field), "")
        found = conflicts(request, self._state.account) if question.uses_account else ()
        return next((error.message for error in found if error.field == question.field), "")

    def _write(self, text: str, indent: int = 0) -> None:
        for line in paragraph(text, indent):
            self._state.terminal.write(line)

    def _data(self, questions: Sequence[FormQuestion]) -> dict[str, Any]:
        return dict(request_data(questions, self._state))

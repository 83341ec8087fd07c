"""Interview: asks one question after the other until all of them together are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.plain.choices import listed, nearest
from breakglass_tui.plain.form_question import FormQuestion, InterviewState, applicable, request_data
from breakglass_tui.plain.words import paragraph

BACK, HELP = "<", "?"
INDENT = 5
HOW = "Enter alone takes what stands in brackets. ? explains, < goes back one question, Ctrl+C leaves."
FIRST = "This is the first question; there is nothing before it. Ctrl+C leaves, and nothing was written."


class Interview:
    """``reread`` gives the account as another Region shows it. What was answered stays, whichever way one goes."""

    def __init__(
        self, questions: Sequence[FormQuestion], state: InterviewState, reread: Callable[[str], Account]
    ) -> None:
        self._questions = tuple(questions)
        self._state = state
        self._reread = reread

    def request(self, first: str = "") -> SetupRequest:
        """The request, asked from the question of field ``first`` on. Raises ``InputEnded``, or ``Problem``."""
        start = first
        while True:
            self._ask_from(start)
            request = parse_request(self._data(self._questions))
            errors = conflicts(request, self._state.account)
            if not errors:
                return request
            start = self.complain(errors)

    def complain(self, errors: Sequence[FieldError]) -> str:
        """Say what is wrong with answers given; returns the field to begin again with."""
        for error in errors:
            self._say(f"Not yet: {show(str(error)).removesuffix('.')}.")
        wrong = {error.field.partition(".")[0] for error in errors}
        fields = [question.field for question in applicable(self._questions, self._state)]
        return next((field for field in fields if field in wrong), fields[0])

    @property
    def last(self) -> str:
        """The field of the last question."""
        return applicable(self._questions, self._state)[-1].field

    def _ask_from(self, first: str) -> None:
        fields = [question.field for question in self._questions]
        place = fields.index(first) if first else 0
        while place < len(self._questions):
            question = self._questions[place]
            if not question.asked(self._state) or self._answered(question):
                place += 1
            else:
                place = self._before(place)

    def _before(self, place: int) -> int:
        """The question before that one, of those that are asked."""
        earlier = [number for number in range(place) if self._questions[number].asked(self._state)]
        if not earlier:
            self._say(FIRST)
        return earlier[-1] if earlier else place

    def _answered(self, question: FormQuestion) -> bool:
        """Ask until there is an answer that can be used; False to go back instead."""
        terminal = self._state.terminal
        while True:
            terminal.write(f"{question.title} [{self._standing(question)}]:")
            typed = terminal.line()
            if typed == BACK:
                return False
            if typed.startswith(HELP):
                self._explain(question, typed.removeprefix(HELP).strip())
                continue
            wrong = self._taken(question, typed)
            if not wrong:
                return True
            self._say(f"Not this: {wrong}")

    def _standing(self, question: FormQuestion) -> str:
        return show(question.say(question.value(self._state), self._state)) or "none"

    def _explain(self, question: FormQuestion, search: str) -> None:
        choices, unread = question.choices(self._state), question.unread(self._state)
        self._say(question.about)
        if unread:
            self._say(f"There is no list to choose from. {show(unread)}")
        elif choices:
            for line in listed(choices, search):
                self._say(line, INDENT)
            self._say("Type a number or a name.")
        self._say(HOW)

    def _taken(self, question: FormQuestion, typed: str) -> str:
        """Keep the answer if it can be used; returns why it cannot."""
        state = self._state
        try:
            value = question.answer(typed, state)
        except ValueError as error:
            return f"{str(error).removesuffix('.')}."
        before = state.answers.get(question.field)
        state.answers[question.field] = value
        wrong = self._wrong(question)
        if wrong:
            state.answers.pop(question.field)
            if before is not None:
                state.answers[question.field] = before
            near = nearest(typed, question.choices(state))
            return f"{wrong.removesuffix('.')}{f'; did you mean {show(near)}?' if near else '.'}"
        if question.field == "region" and value != state.account.region:
            state.account = self._reread(value)
        return ""

    def _wrong(self, question: FormQuestion) -> str:
        """What the two gates say to this answer, after all those before it."""
        place = self._questions.index(question)
        try:
            request = parse_request(self._data(self._questions[: place + 1]))
        except BadRequest as bad:
            return next((e.message for e in bad.errors if e.field.partition(".")[0] == question.field), "")
        found = conflicts(request, self._state.account) if question.looked_up else ()
        return next((error.message for error in found if error.field == question.field), "")

    def _say(self, text: str, indent: int = 0) -> None:
        for line in paragraph(text, indent):
            self._state.terminal.write(line)

    def _data(self, questions: Sequence[FormQuestion]) -> dict[str, Any]:
        return dict(request_data(questions, self._state))

"""Questions of steps, and the steps that wait for an answer."""

from __future__ import annotations

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.engine.pending_questions import PendingQuestions
from breakglass_tui.engine.step_context import Stopped

QUESTION = SignIn("123456789012", "expired")


def test_an_answer_that_cannot_be_published_stops_the_step_that_waits_for_it(clock):
    def publish(event):
        if isinstance(event, e.Answered):
            raise KeyboardInterrupt

    questions = PendingQuestions(publish, clock)
    future = questions.ask("step", QUESTION)
    with pytest.raises(KeyboardInterrupt):
        questions.answer(1, answer=True)
    with pytest.raises(Stopped):
        future.result(timeout=0)


def test_a_question_is_answered_once_and_no_step_waits_after_a_withdrawal(clock):
    questions = PendingQuestions(lambda event: None, clock)
    first, second = questions.ask("one", QUESTION), questions.ask("two", QUESTION)
    assert questions.answer(1, answer=True)
    assert not questions.answer(1, answer=False)
    questions.withdraw()
    assert first.result(timeout=0) is True
    for future in (second, questions.ask("three", QUESTION)):
        with pytest.raises(Stopped):
            future.result(timeout=0)

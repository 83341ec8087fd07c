"""Every problem of the source, drawn: what happened, why, and what to do next."""

from __future__ import annotations

import pytest
from problem_catalogue import VALUE, problems
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Static

from breakglass_tui.domain.problems import Problem
from breakglass_tui.plain.words import problem_lines
from breakglass_tui.ui.assessment.problem_panel import ProblemPanel

CATALOGUE = tuple(problems())


def test_the_catalogue_is_complete():
    assert len(CATALOGUE) > 80
    assert len({one.where for one in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.where)
def test_a_problem_says_what_why_and_what_to_do_next(one):
    assert one.what
    assert one.why, "why is not told"
    assert one.next, "what to do next is not told"
    for sentence in (one.what, one.why):
        assert sentence.endswith((".", "?", "!", VALUE)), f"not a sentence: {sentence!r}"


def test_on_a_stream_each_problem_has_a_line_for_each_sentence():
    for one in CATALOGUE:
        lines = problem_lines(Problem(one.what, why=one.why, next=one.next))
        assert lines == [f"breakglass-tui: {one.what}", f"  {one.why}", f"  {one.next}"], one.where


class Shelf(App[None]):
    """Return all of them below each other."""

    CSS = "ProblemPanel { height: auto; }"

    def compose(self):
        with VerticalScroll():
            for one in CATALOGUE:
                yield ProblemPanel(Problem(one.what, why=one.why, next=one.next))


async def test_on_the_screen_each_problem_is_complete_with_a_key_for_the_next_step(until):
    app = Shelf()
    async with app.run_test(size=(80, 1200)):
        panels = list(app.query(ProblemPanel))
        await until(lambda: all(panel.size.height for panel in panels), "the panels")
        for one, panel in zip(CATALOGUE, panels, strict=True):
            told = [str(line.visual) for line in panel.query(Static) if "problem" in " ".join(line.classes)]
            assert told == [f"✗ {one.what}", f"→ {one.next}"], one.where
            assert panel.query("Button"), one.where

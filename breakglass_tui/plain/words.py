"""Problems, paragraphs and account names as lines of text."""

from __future__ import annotations

from textwrap import wrap

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST

NAME = "breakglass-tui"
WIDTH = 79
"""The maximum number of characters of a line. A serial terminal has 80 columns."""


def problem_lines(problem: Problem) -> list[str]:
    """Return a problem as lines for stderr: what happened, then why and what to do next, indented."""
    if isinstance(problem, BadRequest) and problem.errors:
        lines = [f"{NAME}: {error}" for error in problem.errors]
    else:
        lines = [f"{NAME}: {problem.what}", *(f"  {text}" for text in (problem.why, problem.next) if text)]
    return [show(line, LONGEST) for line in lines]


def paragraph(text: str, indent: int = 0) -> list[str]:
    """Return ``text`` as lines of at most ``WIDTH`` characters.

    All lines but the first are indented by ``indent`` columns.
    """
    return wrap(text, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def account_label(account_id: str, alias: str, place: Place) -> str:
    """Return the account id with its alias.

    If the account is not in AWS itself, ``place`` precedes it, such as DEMO.
    """
    named = f"{account_id} ({show(alias)})" if alias else account_id
    return f"account {named}" if place is Place.AWS else f"{place} account {named}"

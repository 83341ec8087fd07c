"""Status and trouble as words on a line."""

from __future__ import annotations

from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST

NAME = "breakglass-tui"


def problem_lines(problem: Problem) -> list[str]:
    """A problem for stderr: what happened, then why and what to do next, indented."""
    if isinstance(problem, BadRequest) and problem.errors:
        lines = [f"{NAME}: {error}" for error in problem.errors]
    else:
        lines = [f"{NAME}: {problem.what}", *(f"  {text}" for text in (problem.why, problem.next) if text)]
    return [show(line, LONGEST) for line in lines]


def seconds(milliseconds: int) -> str:
    """A duration as ``0.4 s``."""
    return f"{milliseconds / 1000:.1f} s"


def account_label(account_id: str, alias: str, *, demo: bool) -> str:
    """Which account, and whether it is the simulated one."""
    named = f"{account_id} ({show(alias)})" if alias else account_id
    return f"DEMO account {named}" if demo else f"account {named}"

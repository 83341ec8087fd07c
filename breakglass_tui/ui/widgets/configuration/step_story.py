"""The details of a step, or of the result of the run."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.run_story import ending, later, left_behind, made, titles
from breakglass_tui.ui.widgets.configuration.step_words import lasted, state
from breakglass_tui.ui.widgets.validation.run_facts import made_facts


def step_story(step: StepRecord, *, undoing: bool = False) -> Content:
    """Return the details of a step: activity, detail, problem, what is left in AWS, and the calls with request ids."""
    took = f"  {lasted(step.elapsed_ms / 1000)}" if step.elapsed_ms else ""
    blocks = [Content.assemble((show(step.title), "bold"), "  ", state(step, undoing=undoing), (took, "$secondary"))]
    if step.doing:
        blocks.append(Content(show(step.doing)))
    if step.problem is not None:
        blocks.append(problem_story(step.problem))
    elif step.detail and step.left is None:
        blocks.append(Content(show(step.detail)))
    if step.left is not None:
        blocks.append(Content.styled("Still in AWS", "bold $error"))
        blocks.append(problem_story(step.left))
    if step.calls:
        blocks.append(Content("\n").join(call_line(call) for call in step.calls))
    return Content("\n").join(blocks)


def call_line(call: Call) -> Content:
    """Return a call as evidence, with its request id on the next line."""
    tries = f"  {call.attempts} tries" if call.attempts > 1 else ""
    error = f"  {show(call.error)}" if call.error else ""
    request = f"\n  req {show(call.request_id)}" if call.request_id else ""
    facts = f"  {lasted(call.elapsed_ms / 1000)}{tries}"
    return Content.assemble(show(call.operation), (facts, "$secondary"), (error, "$error"), (request, "$secondary"))


def problem_story(problem: Problem) -> Content:
    """Return what happened, why, and what to do next."""
    lines = [Content.styled(f"✗ {show(problem.what)}", "$error")]
    lines += [Content(show(problem.why))] if problem.why else []
    lines += [Content.assemble(("next  ", "bold $accent"), show(problem.next))] if problem.next else []
    return Content("\n").join(lines)


def result_story(session: Session, width: int) -> Content:
    """Return how the run ended: reason, what is left in AWS with its commands, envelopes, facts about the user."""
    record = session.record
    blocks = [] if session.done else [Content.styled(ending(session), "bold")]
    if session.done:
        blocks.append(Content("Next: test that it really works."))
        blocks.append(Content.assemble(("enter", "bold $accent"), "  validate"))
    if record.problem is not None:
        blocks.append(problem_story(record.problem))
    for left in record.not_removed:
        blocks.append(Content.styled("Still in AWS", "bold $error"))
        blocks.append(problem_story(left))
    if left_behind(session):
        blocks += _kept(session)
    blocks += [_sealed(record)] if record.envelopes else []
    if session.may_start_over:
        blocks.append(Content.assemble(("n", "bold $accent"), "  new user"))
    if session.done:
        # Last: without room for everything, the validation screen shows this too.
        blocks += [Content(""), *(line for each in made_facts(session) for line in each.lines(width))]
    else:
        keys = (("f4", "bold $accent"), "  start     ", ("ctrl+q", "bold $accent"), "  quit")
        blocks.append(Content.assemble(*keys))
    return Content("\n").join(blocks)


def _kept(session: Session) -> list[Content]:
    """Return what stays in AWS, and how to resume or remove it later."""
    record = session.record
    kept = [] if record.undoing else [Content(f"Kept: {titles(made(record)) or 'nothing'}.")]
    heads = ("resume it  ", "remove it  ") if not record.undoing else ("remove it  ",)
    commands = zip(heads, later(session), strict=True) if not session.demo else ()
    ends = [Content("The simulated account ends with this program.")] if session.demo else []
    told = [Content.assemble((head, "bold $accent"), command) for head, command in commands]
    here = "remove it here" if record.undoing else "resume or remove it here"
    return [*kept, *told, *ends, Content.assemble(("ctrl+r", "bold $accent"), f"  {here}")]


def _sealed(record: RunRecord) -> Content:
    lines = (f"{show(', '.join(one.contents))}  {show(one.ways_to_open)}  {show(one.path)}" for one in record.envelopes)
    return Content("\n".join(f"Sealed: {line}" for line in lines))

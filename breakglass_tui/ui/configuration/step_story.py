"""The details of a step, and the result of the run, as paragraphs for the screen of a run. None of it is secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.run_resources import run_resources
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.durations import lasted
from breakglass_tui.ui.widgets.paragraphs import Paragraph, plain
from breakglass_tui.ui.widgets.resource_lines import listed
from breakglass_tui.ui.widgets.run_summary import at_work, ending, progress, resumable_id, resume_commands
from breakglass_tui.ui.widgets.signs import STEP_SIGNS, step_sign
from breakglass_tui.ui.widgets.user_facts import created_facts, envelope_facts

LONGEST = 4096
SWITCH = " · ↑ ↓ switch"
"""The keys that select another step, if that waits for the operator too."""


def step_story(step: StepRecord, *, undoing: bool = False) -> list[Paragraph]:
    """Return the details of ``step``: state, problem, what remains in AWS, and the calls with their request ids.

    ``undoing`` says that the run removes its resources.
    """
    took = f"  {lasted(step.elapsed_ms / 1000)}" if step.elapsed_ms else ""
    story = [_line((show(step.title), "bold"), "  ", step_sign(step, undoing=undoing).content(), (took, "$secondary"))]
    if step.doing:
        story.append(plain(show(step.doing)))
    if step.problem is not None:
        story += problem_story(step.problem)
    elif step.detail and step.left is None:
        story.append(plain(show(step.detail, LONGEST)))
    if step.left is not None:
        story += [_still_there(), *problem_story(step.left)]
    return [*story, *(line for call in step.calls for line in _call_lines(call))]


def problem_story(problem: Problem) -> Iterator[Paragraph]:
    """Yield the three parts of a problem: what happened, why, and what to do next."""
    yield plain(f"✗ {show(problem.what, LONGEST)}", "$error")
    if problem.why:
        yield plain(show(problem.why, LONGEST))
    if problem.next:
        yield Paragraph(Content.styled("next  ", "bold $accent"), Content(show(problem.next, LONGEST)))


def other_steps(record: RunRecord, asking: str, now: datetime) -> Content:
    """Return the progress and up to two active steps, to show them while the step ``asking`` waits for MFA codes."""
    others = [step for step in at_work(record) if step.id != asking]
    states = [Content.assemble(STEP_SIGNS[step.status].content(), f"  {show(step.title)}") for step in others[:2]]
    keys = SWITCH if any(each.step != asking for each in record.questions.values()) else ""
    return Content("\n").join([Content(f"{progress(record, now)}{keys}"), *states])


def result_story(session: Session) -> list[Paragraph]:
    """Return how the run ended.

    This includes the reason, what remains in AWS and how to remove it, the keys, facts about the user, and the
    envelopes.
    """
    record = session.run.record
    result = ending(session.run, session.clock.now())
    story = [plain("Next: test that the user works.")] if session.run.done else [plain(result, "bold")]
    if record.problem is not None:
        story += problem_story(record.problem)
    for left in record.not_removed:
        story += [_still_there(), *problem_story(left)]
    if resumable_id(session.run):
        story += _kept(session)
    story.append(_keys(session.run))
    if session.run.done:
        story += [plain(""), *created_facts(session.run)]
    return [*story, *((plain(""), *envelope_facts(record.envelopes)) if record.envelopes else ())]


def _keys(run: RunState) -> Paragraph:
    """Return the line with the keys of the screen after the run has ended."""
    new = [("n", "new user")] if run.may_start_over else []
    ways = [("enter", "validate")] if run.done else [*new, ("f4", "start"), ("ctrl+q", "quit")]
    parts = [part for key, does in [*ways, ("c", "copy")] for part in ((key, "bold $accent"), f"  {does}     ")]
    return _line(*parts)


def _kept(session: Session) -> Iterator[Paragraph]:
    """Yield what remains in AWS, with the commands and the key that resume or remove it."""
    record = session.run.record
    if not record.undoing:
        yield plain(f"Kept in AWS: {listed(run_resources(record)) or 'nothing'}.")
    if session.connection.demo:
        yield plain("The simulated account ends with this program.")
    else:
        heads = ["remove it  "] if record.undoing else ["resume it  ", "remove it  "]
        for head, command in zip(heads, resume_commands(record, session.connection), strict=True):
            yield Paragraph(Content.styled(head, "bold $accent"), Content(command))
    here = "remove it here" if record.undoing else "resume or remove it here"
    yield _line(("ctrl+r", "bold $accent"), f"  {here}")


def _call_lines(call: Call) -> Iterator[Paragraph]:
    """Yield the facts of a call: operation, duration, attempts and error, with the request id on a second line."""
    tries = f"  {call.attempts} tries" if call.attempts > 1 else ""
    error = f"  {show(call.error)}" if call.error else ""
    facts = f"  {lasted(call.elapsed_ms / 1000)}{tries}"
    yield _line(show(call.operation), (facts, "$secondary"), (error, "$error"))
    if call.request_id:
        yield plain(f"req {show(call.request_id)}", "$secondary", indent=2)


def _still_there() -> Paragraph:
    return plain("Still in AWS", "bold $error")


def _line(*parts: str | Content | tuple[str, str]) -> Paragraph:
    return Paragraph(Content(""), Content.assemble(*parts))
